//! What the tests start as `whom plugin-host`.

fn main() {
    whom_plugin_host::plugin_host_main(std::env::args_os().skip(1))
}
