/* The C contract between Whom and a plugin. The same in Rust, with the rules: whom-plugin-abi.
 * Link nothing. Export one object:  const whom_plugin WHOM_PLUGIN = { WHOM_MAGIC, ... };      */
#ifndef WHOM_PLUGIN_H
#define WHOM_PLUGIN_H
#include <stddef.h>
#include <stdint.h>

#define WHOM_ABI_MAJOR 1
#define WHOM_ABI_MINOR 1
#define WHOM_MAGIC {'W','H','O','M','P','L','U','G'}
#define WHOM_OK 0     /* the reply holds the result */
#define WHOM_ERROR 1  /* the reply holds {"kind": ..., "message": ...} */

/* UTF-8, lent for one call. */
typedef struct { const uint8_t *ptr; size_t len; } whom_bytes;

/* Where the callee puts its answer: at most once, before it returns. The caller copies. */
typedef struct { void *ctx; void (*put)(void *ctx, whom_bytes answer); } whom_reply;

/* From the loader; lives until close() has returned. */
typedef struct {
    uint32_t size; uint16_t abi_major, abi_minor;
    const void *ctx;
    /* Asks by name ("http", "log", "now" ...) for the plugin call `call`. Blocks. Any thread. */
    int32_t (*call)(const void *ctx, uint64_t call, whom_bytes method, whom_bytes params, whom_reply reply);
    /* Since 1.1, look at `size` first: 1 when nobody waits for `call` any more. Any thread. */
    uint8_t (*cancelled)(const void *ctx, uint64_t call);
} whom_host;

/* From the plugin; a constant. */
typedef struct {
    uint8_t magic[8]; uint32_t size; uint16_t abi_major, abi_minor;
    int32_t (*manifest)(whom_reply reply);
    void *(*open)(const whom_host *host, whom_bytes settings, whom_reply reply); /* NULL: failed */
    int32_t (*call)(void *instance, uint64_t call, whom_bytes method, whom_bytes params, whom_reply reply);
    void (*close)(void *instance);
} whom_plugin;

#endif
