//! The C header and the Rust structs say the same.
#![allow(clippy::unwrap_used)]

use std::mem::{offset_of, size_of};
use std::process::Command;

use whom_plugin_abi as abi;

const HEADER: &str = include_str!("../include/whom_plugin.h");

#[test]
fn the_constants_of_the_header_are_those_of_the_crate() {
    let magic: Vec<String> = abi::MAGIC.iter().map(|b| format!("'{}'", *b as char)).collect();
    for line in [
        format!("#define WHOM_ABI_MAJOR {}\n", abi::ABI_MAJOR),
        format!("#define WHOM_ABI_MINOR {}\n", abi::ABI_MINOR),
        format!("#define WHOM_MAGIC {{{}}}\n", magic.join(",")),
        format!("#define WHOM_OK {} ", abi::OK),
        format!("#define WHOM_ERROR {} ", abi::ERROR),
        format!(" {};\n", "whom_plugin"),
    ] {
        assert!(HEADER.contains(&line), "the header lacks `{}`", line.trim());
    }
    assert!(HEADER.contains(abi::SYMBOL));
}

/// A compiler for C is part of every linker's tool chain, but not of every machine: without one
/// the layout stays checked by the numbers in the crate alone.
#[test]
fn a_c_compiler_lays_the_structs_out_alike() {
    let facts = [
        ("sizeof(whom_bytes)", size_of::<abi::Bytes>()),
        ("sizeof(whom_reply)", size_of::<abi::Reply>()),
        ("sizeof(whom_host)", size_of::<abi::Host>()),
        ("sizeof(whom_plugin)", size_of::<abi::Plugin>()),
        ("offsetof(whom_host, ctx)", offset_of!(abi::Host, ctx)),
        ("offsetof(whom_host, call)", offset_of!(abi::Host, call)),
        ("offsetof(whom_host, cancelled)", offset_of!(abi::Host, cancelled)),
        ("offsetof(whom_plugin, size)", offset_of!(abi::Plugin, size)),
        ("offsetof(whom_plugin, abi_minor)", offset_of!(abi::Plugin, abi_minor)),
        ("offsetof(whom_plugin, manifest)", offset_of!(abi::Plugin, manifest)),
        ("offsetof(whom_plugin, open)", offset_of!(abi::Plugin, open)),
        ("offsetof(whom_plugin, call)", offset_of!(abi::Plugin, call)),
        ("offsetof(whom_plugin, close)", offset_of!(abi::Plugin, close)),
    ];
    let mut source = String::from("#include \"whom_plugin.h\"\n");
    for (fact, value) in facts {
        source.push_str(&format!("_Static_assert({fact} == {value}, \"{fact}\");\n"));
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("layout.c");
    std::fs::write(&file, source).unwrap();
    let include = concat!(env!("CARGO_MANIFEST_DIR"), "/include");
    let Ok(done) = Command::new("cc")
        .args(["-std=c11", "-Wall", "-Werror", "-fsyntax-only", "-I", include])
        .arg(&file)
        .output()
    else {
        return;
    };
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}
