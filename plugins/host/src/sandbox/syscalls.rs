//! Which system calls the process may make: memory, threads, time, reading and writing what is
//! open. Everything else answers EPERM, so that a plugin can report it.

use std::collections::BTreeMap;

use seccompiler::{
    SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule, TargetArch,
    apply_filter,
};

type Rules = BTreeMap<i64, Vec<SeccompRule>>;

pub(super) fn restrict(may_exec: bool) -> Result<(), String> {
    let arch: TargetArch = std::env::consts::ARCH.try_into().map_err(text)?;
    // A filter has one answer for what matches, so there are two. This one makes the C library
    // fall back from clone3, whose flags are in memory, to clone, whose flags can be checked.
    let no_clone3: Rules = [(libc::SYS_clone3, vec![])].into();
    let no_such_call = SeccompAction::Errno(libc::ENOSYS.cast_unsigned());
    let first = SeccompFilter::new(no_clone3, SeccompAction::Allow, no_such_call, arch).map_err(text)?;
    let not_permitted = SeccompAction::Errno(libc::EPERM.cast_unsigned());
    let second =
        SeccompFilter::new(allowed(may_exec)?, not_permitted, SeccompAction::Allow, arch).map_err(text)?;
    for filter in [first, second] {
        let program: seccompiler::BpfProgram = filter.try_into().map_err(text)?;
        apply_filter(&program).map_err(text)?;
    }
    Ok(())
}

fn allowed(may_exec: bool) -> Result<Rules, String> {
    let mut rules: Rules = ALLOWED.iter().map(|number| (*number, vec![])).collect();
    #[cfg(target_arch = "x86_64")]
    rules.extend(ALLOWED_X86_64.iter().map(|number| (*number, vec![])));
    // Threads, but no processes.
    let threads = u64::try_from(libc::CLONE_THREAD | libc::CLONE_VM).map_err(text)?;
    rules.insert(libc::SYS_clone, vec![rule(0, SeccompCmpOp::MaskedEq(threads), threads)?]);
    // Abort itself, but signal nobody else.
    rules.insert(libc::SYS_tgkill, vec![rule(0, SeccompCmpOp::Eq, u64::from(std::process::id()))?]);
    // Ask for limits, but set none.
    rules.insert(libc::SYS_prlimit64, vec![rule(2, SeccompCmpOp::Eq, 0)?]);
    // Name a thread or a piece of memory.
    let prctls = [libc::PR_SET_NAME, libc::PR_GET_NAME, PR_SET_VMA];
    rules.insert(libc::SYS_prctl, numbers(0, &prctls.map(libc::c_int::cast_unsigned))?);
    // "Is this a terminal?" and close-on-exec.
    let ioctls = [libc::TCGETS, libc::FIOCLEX, libc::FIONCLEX];
    let ioctls: Vec<u32> = ioctls.iter().filter_map(|number| u32::try_from(*number).ok()).collect();
    rules.insert(libc::SYS_ioctl, numbers(1, &ioctls)?);
    if may_exec {
        rules.insert(libc::SYS_execve, vec![]);
    }
    Ok(rules)
}

const PR_SET_VMA: libc::c_int = 0x5356_4d41;

fn rule(argument: u8, op: SeccompCmpOp, value: u64) -> Result<SeccompRule, String> {
    let condition = SeccompCondition::new(argument, SeccompCmpArgLen::Qword, op, value).map_err(text)?;
    SeccompRule::new(vec![condition]).map_err(text)
}

fn numbers(argument: u8, values: &[u32]) -> Result<Vec<SeccompRule>, String> {
    let one = |value: &u32| {
        let length = SeccompCmpArgLen::Dword;
        let condition =
            SeccompCondition::new(argument, length, SeccompCmpOp::Eq, u64::from(*value)).map_err(text)?;
        SeccompRule::new(vec![condition]).map_err(text)
    };
    values.iter().map(one).collect()
}

fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}

const ALLOWED: &[i64] = &[
    // Reading and writing what is open.
    libc::SYS_read,
    libc::SYS_write,
    libc::SYS_readv,
    libc::SYS_writev,
    libc::SYS_pread64,
    libc::SYS_pwrite64,
    libc::SYS_lseek,
    libc::SYS_close,
    libc::SYS_dup,
    libc::SYS_dup3,
    libc::SYS_fcntl,
    libc::SYS_pipe2,
    libc::SYS_ppoll,
    libc::SYS_pselect6,
    libc::SYS_epoll_create1,
    libc::SYS_epoll_ctl,
    libc::SYS_epoll_pwait,
    libc::SYS_eventfd2,
    // Opening; landlock says what.
    libc::SYS_openat,
    libc::SYS_fstat,
    libc::SYS_newfstatat,
    libc::SYS_statx,
    libc::SYS_faccessat,
    libc::SYS_faccessat2,
    libc::SYS_readlinkat,
    libc::SYS_getdents64,
    libc::SYS_getcwd,
    libc::SYS_fadvise64,
    // Memory.
    libc::SYS_mmap,
    libc::SYS_munmap,
    libc::SYS_mprotect,
    libc::SYS_mremap,
    libc::SYS_madvise,
    libc::SYS_brk,
    libc::SYS_membarrier,
    // Threads.
    libc::SYS_clone3,
    libc::SYS_futex,
    libc::SYS_set_robust_list,
    libc::SYS_get_robust_list,
    libc::SYS_rseq,
    libc::SYS_set_tid_address,
    libc::SYS_sched_yield,
    libc::SYS_sched_getaffinity,
    libc::SYS_getcpu,
    libc::SYS_exit,
    libc::SYS_exit_group,
    // Signals of its own.
    libc::SYS_rt_sigaction,
    libc::SYS_rt_sigprocmask,
    libc::SYS_rt_sigreturn,
    libc::SYS_sigaltstack,
    libc::SYS_restart_syscall,
    // Time and chance.
    libc::SYS_clock_gettime,
    libc::SYS_clock_getres,
    libc::SYS_clock_nanosleep,
    libc::SYS_nanosleep,
    libc::SYS_gettimeofday,
    libc::SYS_getrandom,
    // Who and where it is.
    libc::SYS_getpid,
    libc::SYS_getppid,
    libc::SYS_gettid,
    libc::SYS_getuid,
    libc::SYS_geteuid,
    libc::SYS_getgid,
    libc::SYS_getegid,
    libc::SYS_uname,
    libc::SYS_sysinfo,
];

/// Older names that this architecture alone has.
#[cfg(target_arch = "x86_64")]
const ALLOWED_X86_64: &[i64] = &[
    libc::SYS_open,
    libc::SYS_stat,
    libc::SYS_lstat,
    libc::SYS_access,
    libc::SYS_readlink,
    libc::SYS_getdents,
    libc::SYS_dup2,
    libc::SYS_poll,
    libc::SYS_select,
    libc::SYS_epoll_wait,
    libc::SYS_time,
    libc::SYS_getrlimit,
    libc::SYS_arch_prctl,
];
