import CSandbox
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// What to start, and whom to tell. The closures run on the spawner's thread: hop and return.
struct ProcessOrder: Sendable {
    var command: IsolatedCommand
    var started: @Sendable (Result<SpawnedProcess, SpawnFailure>) -> Void
    /// There is output to read, or the other side was closed. Said once; `SpawnedProcess.awaitOutput` asks for the next.
    var outputReady: @Sendable () -> Void
    var ended: @Sendable (ProcessEnd) -> Void
}

/// A process could not be started.
struct SpawnFailure: Error {
    /// An errno.
    var code: Int32
    var message: String { String(cString: strerror(code)) }
}

/// How a process ended.
struct ProcessEnd: Sendable {
    /// nil if a signal ended it.
    var exitCode: Int32?
    var signal: Int32?
    /// Largest resident size of the process or of a child it waited for.
    var peakKilobytes: Int64
}

/// A running process, as its owner holds it.
struct SpawnedProcess: Sendable {
    let pid: Int32
    /// Non-blocking; both standard output and standard error arrive here, in the order of writing.
    let output: Int32
    fileprivate let token: UInt64
    fileprivate let poll: Int32

    /// Asks for one more `outputReady`.
    func awaitOutput() {
        _ = csandbox_poll_again(poll, output, token)
    }

    /// Kills the process and all of its group.
    func kill() {
        _ = Self.signal(-pid, SIGKILL)
        _ = Self.signal(pid, SIGKILL)
    }

    private static func signal(_ pid: Int32, _ number: Int32) -> Int32 {
        #if canImport(Glibc)
            Glibc.kill(pid, number)
        #else
            Musl.kill(pid, number)
        #endif
    }
}

/// Starts and reaps processes on one thread that lives as long as the program.
///
/// One thread, because Linux sends the parent-death signal when the *thread* that forked ends: a process started from a
/// pool thread would be killed when the pool shrinks.
final class ProcessSpawner: Sendable {
    private enum Command: Sendable {
        case start(ProcessOrder)
        case release(token: UInt64, output: Int32)
    }

    private let poll: Int32
    private let wake: Int32
    private let commands = Mutex<[Command]>([])

    /// The program's only spawner: its thread never ends, so there is no use for a second.
    static let shared: Result<ProcessSpawner, SpawnFailure> = Result { () throws(SpawnFailure) in try ProcessSpawner() }

    private init() throws(SpawnFailure) {
        poll = csandbox_poll_create()
        guard poll >= 0 else { throw SpawnFailure(code: -poll) }
        wake = csandbox_wake_create()
        guard wake >= 0 else { throw SpawnFailure(code: -wake) }
        let added = csandbox_poll_add(poll, wake, 0, 0)
        guard added == 0 else { throw SpawnFailure(code: -added) }
        var thread = pthread_t()
        let failure = pthread_create(
            &thread, nil,
            { context in
                guard let context else { return nil }
                Unmanaged<ProcessSpawner>.fromOpaque(context).takeRetainedValue().run()
                return nil
            }, Unmanaged.passRetained(self).toOpaque())
        guard failure == 0 else { throw SpawnFailure(code: failure) }
        pthread_detach(thread)
    }

    func start(_ order: ProcessOrder) {
        post(.start(order))
    }

    /// Gives the output descriptor back. The owner must not read it after this.
    func release(_ process: SpawnedProcess) {
        post(.release(token: process.token, output: process.output))
    }

    private func post(_ command: Command) {
        commands.withLock { $0.append(command) }
        var one: UInt64 = 1
        _ = write(wake, &one, 8)
    }

    /// A descriptor the thread watches. Tokens, not descriptors, name them: numbers are used again, tokens never.
    private enum Watched {
        case output(@Sendable () -> Void)
        case process(pid: Int32, descriptor: Int32, ended: @Sendable (ProcessEnd) -> Void)
    }

    private func run() {
        var watched: [UInt64: Watched] = [:]
        var nextToken: UInt64 = 1
        var tokens = [UInt64](repeating: 0, count: 64)
        while true {
            let count = csandbox_poll_wait(poll, &tokens, Int32(tokens.count))
            precondition(count >= 0, "waiting for processes failed")
            for token in tokens.prefix(Int(count)) {
                if token == 0 {
                    var ignored: UInt64 = 0
                    _ = read(wake, &ignored, 8)
                    let pending = commands.withLock { list in
                        defer { list = [] }
                        return list
                    }
                    for command in pending {
                        switch command {
                        case .start(let order): start(order, &watched, &nextToken)
                        case .release(let token, let output):
                            watched[token] = nil
                            close(output)
                        }
                    }
                    continue
                }
                switch watched[token] {
                case .output(let ready): ready()
                case .process(let pid, let descriptor, let ended):
                    watched[token] = nil
                    close(descriptor)
                    var peak: Int64 = 0
                    let status = csandbox_reap(pid, &peak)
                    let signal = status < 0 ? 0 : csandbox_signal(status)
                    ended(
                        ProcessEnd(
                            exitCode: signal == 0 ? (status < 0 ? 127 : csandbox_exit_code(status)) : nil,
                            signal: signal == 0 ? nil : signal, peakKilobytes: peak))
                case nil: break
                }
            }
        }
    }

    private func start(_ order: ProcessOrder, _ watched: inout [UInt64: Watched], _ nextToken: inout UInt64) {
        var pipe: [Int32] = [-1, -1]
        let failure = csandbox_pipe(&pipe)
        guard failure == 0 else {
            order.started(.failure(SpawnFailure(code: -failure)))
            return
        }
        let pid = order.command.start(output: pipe[1], openFiles: 1024)
        close(pipe[1])
        guard pid > 0 else {
            close(pipe[0])
            order.started(.failure(SpawnFailure(code: -pid)))
            return
        }
        let outputToken = nextToken
        let processToken = nextToken + 1
        nextToken += 2
        watched[outputToken] = .output(order.outputReady)
        _ = csandbox_poll_add(poll, pipe[0], outputToken, 1)

        order.started(.success(SpawnedProcess(pid: pid, output: pipe[0], token: outputToken, poll: poll)))

        let descriptor = csandbox_watch(pid)
        guard descriptor >= 0 else {
            // Without a way to see its end, better no process at all.
            SpawnedProcess(pid: pid, output: pipe[0], token: outputToken, poll: poll).kill()
            var peak: Int64 = 0
            _ = csandbox_reap(pid, &peak)
            order.ended(ProcessEnd(exitCode: nil, signal: SIGKILL, peakKilobytes: peak))
            return
        }
        watched[processToken] = .process(pid: pid, descriptor: descriptor, ended: order.ended)
        _ = csandbox_poll_add(poll, descriptor, processToken, 0)
    }
}
