//! The smallest program that hosts a plugin: what `whom plugin-host` is to the server.

fn main() {
    whom_plugin_host::plugin_host_main(std::env::args_os().skip(1))
}
