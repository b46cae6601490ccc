#[test]
fn the_bundled_scripts_load_and_pass() {
    if let Err(problems) = super::Rules::bundled() {
        panic!("{}", problems.iter().map(super::Problem::in_full).collect::<Vec<_>>().join("\n"));
    }
}
