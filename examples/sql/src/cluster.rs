//! The query on Ballista: a scheduler and two executors, each a process, one of which is killed meanwhile.

use std::{
    env,
    error::Error,
    fs,
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{Arc, mpsc},
    thread,
    time::{Duration, Instant},
};

use ballista::prelude::{SessionConfigExt, SessionContextExt};
use ballista_core::{
    config::TaskSchedulingPolicy, registry::BallistaFunctionRegistry,
    utils::default_session_builder,
};
use ballista_executor::executor_process::{ExecutorProcessConfig, start_executor_process};
use ballista_scheduler::{
    cluster::BallistaCluster, config::SchedulerConfig, scheduler_process::start_server,
};
use datafusion::{
    execution::{FunctionRegistry, SessionStateBuilder},
    prelude::{SessionConfig, SessionContext},
};
use tokio::runtime::Runtime;

use crate::{answer::Answer, query, score};

const HOST: &str = "127.0.0.1";

/// How often an answer is asked for.
const TRIES: usize = 3;

/// The query is cut into so many tasks, of which an executor has one at a time.
const TASKS: usize = 16;

/// Executors ask for tasks. The scheduler can push them too, but pushes those of a lost executor only when
/// another task ends, and perhaps none runs any more.
const POLICY: TaskSchedulingPolicy = TaskSchedulingPolicy::PullStaged;

/// What is not heard of for so many seconds is lost, and others do its work again.
const TIMEOUT: u64 = 5;

/// The process of the scheduler, which plans: it must know the function by name and type.
pub fn schedule(port: u16) -> Result<(), Box<dyn Error>> {
    let config = SchedulerConfig {
        external_host: HOST.into(),
        bind_port: port,
        scheduling_policy: POLICY,
        executor_timeout_seconds: TIMEOUT,
        expire_dead_executor_interval_seconds: 1,
        override_session_builder: Some(Arc::new(|config| {
            let mut state = default_session_builder(config)?;
            state.register_udf(score())?;
            Ok(state)
        })),
        ..Default::default()
    };
    Runtime::new()?.block_on(async {
        let cluster = BallistaCluster::new_from_config(&config).await?;
        start_server(cluster, ([127, 0, 0, 1], port).into(), Arc::new(config)).await
    })?;
    Ok(())
}

/// The process of an executor, where the network runs.
pub fn execute(port: u16, scheduler_port: u16, folder: &str) -> Result<(), Box<dyn Error>> {
    let mut functions = BallistaFunctionRegistry::default();
    functions
        .scalar_functions
        .insert(score().name().to_owned(), score());
    let config = ExecutorProcessConfig {
        port,
        scheduler_host: HOST.into(),
        scheduler_port,
        scheduler_connect_timeout_seconds: 30,
        task_scheduling_policy: POLICY,
        concurrent_tasks: 1,
        work_dir: Some(folder.to_owned()),
        override_function_registry: Some(Arc::new(functions)),
        ..Default::default()
    };
    Runtime::new()?.block_on(start_executor_process(Arc::new(config)))?;
    Ok(())
}

/// Asks the cluster twice, the second time with an executor killed, and compares the answers with `expected`.
pub fn survive(rows: usize, expected: Answer) -> Result<(), Box<dyn Error>> {
    let query = query(rows)?;
    let scheduler_port = free_port()?;
    let _scheduler = Process::start(&["scheduler", &scheduler_port.to_string()], scheduler_port)?;
    let folder = Folder::new()?;
    let _survivor = executor(scheduler_port, &folder.0.join("survivor"))?;
    let victim_folder = folder.0.join("victim");
    let victim = executor(scheduler_port, &victim_folder)?;
    println!("\nBallista: a scheduler and two executors of one thread, {TASKS} tasks");

    let runtime = Runtime::new()?;
    let ask = || -> Result<Duration, Box<dyn Error>> {
        let start = Instant::now();
        let mut tries = 1;
        let answer = loop {
            match runtime.block_on(answer(scheduler_port, &query)) {
                Ok(answer) => break answer,
                // What the last stage gave is where it was made, and lost with an executor.
                Err(error) if tries < TRIES => {
                    println!("asked again, since results were lost: {}", short(&error));
                    tries += 1;
                }
                Err(error) => return Err(error.into()),
            }
        };
        if answer != expected {
            return Err(format!("the cluster found {answer}, the loop {expected}").into());
        }
        Ok(start.elapsed())
    };
    println!("the answer after {:.2} s: right", ask()?.as_secs_f64());

    let (waiting, done) = mpsc::channel();
    let killing = thread::spawn(|| kill_at_work(victim, victim_folder, done));
    let time = ask();
    drop(waiting);
    let killed = killing
        .join()
        .map_err(|_| "an executor couldn't be watched")?;
    let time = time?.as_secs_f64();
    let killed = killed.ok_or("the query was done before an executor could be killed")?;
    println!("one executor killed after {:.2} s", killed.as_secs_f64());
    println!("the answer after {time:.2} s: right, {expected}");
    Ok(())
}

/// The first words of an error.
fn short(error: &impl ToString) -> String {
    error.to_string().chars().take(72).collect()
}

/// Kills `victim` when it has done a task, whose result is lost with it, and is at the next; or, if the query
/// is `done` before, later. Returns how long that took, if it was in time.
fn kill_at_work(victim: Process, folder: PathBuf, done: mpsc::Receiver<()>) -> Option<Duration> {
    let start = Instant::now();
    let before = results(&folder);
    while results(&folder) < before + 2 {
        match done.recv_timeout(Duration::from_millis(2)) {
            Err(mpsc::RecvTimeoutError::Timeout) => (),
            _ => return None,
        }
    }
    drop(victim);
    Some(start.elapsed())
}

async fn answer(scheduler_port: u16, query: &str) -> datafusion::error::Result<Answer> {
    let config = SessionConfig::new_with_ballista().with_target_partitions(TASKS);
    let state = SessionStateBuilder::new()
        .with_default_features()
        .with_config(config)
        .build();
    let url = format!("df://{HOST}:{scheduler_port}");
    let context = SessionContext::remote_with_state(&url, state)
        .await?
        .enable_url_table();
    // Behind `remote_with_state`, which puts Ballista's own functions in place of those in `state`.
    context.register_udf((*score()).clone());
    Answer::of(context.sql(query).await?).await
}

/// How many results there are in an executor's folder, the one being written included.
fn results(folder: &Path) -> usize {
    let Ok(entries) = fs::read_dir(folder) else {
        return 0;
    };
    entries
        .flatten()
        .map(|entry| match entry.metadata() {
            Ok(metadata) if metadata.is_dir() => results(&entry.path()),
            Ok(metadata) => usize::from(metadata.len() > 0),
            Err(_) => 0,
        })
        .sum()
}

fn executor(scheduler_port: u16, folder: &Path) -> Result<Process, Box<dyn Error>> {
    fs::create_dir(folder)?;
    let port = free_port()?;
    let ports = [port, scheduler_port].map(|port| port.to_string());
    let folder = folder.to_str().ok_or("the folder's name is no text")?;
    Process::start(&["executor", &ports[0], &ports[1], folder], port)
}

/// A port that is free now.
fn free_port() -> Result<u16, Box<dyn Error>> {
    Ok(TcpListener::bind((HOST, 0))?.local_addr()?.port())
}

/// This program with other arguments; it is killed when it is dropped.
struct Process(Child);

impl Process {
    /// Returns when something listens at `port`.
    fn start(arguments: &[&str], port: u16) -> Result<Self, Box<dyn Error>> {
        let child = Command::new(env::current_exe()?)
            .args(arguments)
            .stdout(Stdio::null())
            .spawn()?;
        let mut process = Self(child);
        while TcpStream::connect((HOST, port)).is_err() {
            if let Some(status) = process.0.try_wait()? {
                return Err(format!("`{}` ended: {status}", arguments.join(" ")).into());
            }
            thread::sleep(Duration::from_millis(20));
        }
        Ok(process)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A folder for results, which is removed when it is dropped.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Result<Self, Box<dyn Error>> {
        let folder = env::temp_dir().join(format!("layerwise-sql-{}", std::process::id()));
        fs::create_dir(&folder)?;
        Ok(Self(folder))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
