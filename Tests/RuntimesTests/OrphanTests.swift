import CSandbox
import Emulation
import Synchronization
import Testing

@testable import Runtimes

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Processes end with whoever started them, however that ended.
@Suite(.serialized)
struct OrphanTests {
    @Test func aProcessDiesWithTheThreadThatStartedIt() async throws {
        // The thread stands for the engine: the kernel's signal comes at its end, as it would at the engine's.
        final class Box: Sendable { let pid = Mutex<Int32>(0) }
        let box = Box()
        var pipe: [Int32] = [0, 0]
        try #require(csandbox_pipe(&pipe) == 0)
        let output = pipe[1]
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            BareThread.start {
                let command = IsolatedCommand(
                    executable: "/bin/sleep", arguments: ["4444.5"], environment: [:], workingDirectory: "/", mounts: []
                )
                let pid = command.start(output: output, openFiles: 64)
                box.pid.withLock { $0 = pid }
                continuation.resume()
            }
        }
        let pid = box.pid.withLock { $0 }
        try #require(pid > 0)
        var peak: Int64 = 0
        // Blocks until it is gone; without the signal this would be more than an hour.
        let status = csandbox_reap(pid, &peak)
        #expect(csandbox_signal(status) == SIGKILL)
        #expect(csandbox_exit_code(status) == -1)
        close(pipe[0])
        close(pipe[1])
    }

    @Test func aProgramThatIsNotThere() async throws {
        let spawner = try ProcessSpawner.shared.get()
        let result = await withCheckedContinuation { (continuation: CheckedContinuation<Int32, Never>) in
            spawner.start(
                ProcessOrder(
                    command: IsolatedCommand(
                        executable: "/nowhere/at/all", arguments: [], environment: [:], workingDirectory: "/",
                        mounts: []),
                    started: { result in
                        switch result {
                        case .success: continuation.resume(returning: 0)
                        case .failure(let failure): continuation.resume(returning: failure.code)
                        }
                    }, outputReady: {}, ended: { _ in }))
        }
        #expect(result == ENOENT)
    }
}

private enum BareThread {
    /// A bare thread that ends when its body does.
    static func start(_ body: @escaping @Sendable () -> Void) {
        final class Body {
            let run: @Sendable () -> Void; init(_ run: @escaping @Sendable () -> Void) { self.run = run }
        }
        var thread = pthread_t()
        pthread_create(
            &thread, nil,
            { context in
                Unmanaged<Body>.fromOpaque(context!).takeRetainedValue().run()
                return nil
            }, Unmanaged.passRetained(Body(body)).toOpaque())
        pthread_detach(thread)
    }
}
