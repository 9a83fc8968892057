import AWSClient
import AWSModel
import AWSTypes

extension ConsoleContext {
    /// The engine's time where there is an engine, else this machine's.
    func now() async -> Instant {
        if capabilities.hasEngine, let now = (try? await aws.call(Skua.getClock, .init()))?.now { return now }
        return Instant(epochMilliseconds: WallTime.milliseconds)
    }
}
