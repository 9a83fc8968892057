import ArgumentParser
import Emulation

extension Enforcement: ExpressibleByArgument {}

/// The options of every command that opens a world.
struct WorldOptions: ParsableArguments {
    @Option(name: .long, help: "The world's directory. Default: skua/world below $XDG_DATA_HOME or ~/.local/share.")
    var world: String?

    @Option(name: .long, help: "The endpoint's port. Default 4566, or the next free one, saying so.")
    var port: Int?

    @Option(name: .long, help: "The address to listen on. Anything but loopback lets others in.")
    var host = "127.0.0.1"

    @Option(name: .long, help: "The account of callers whose access key is not itself a 12-digit account.")
    var account = "123456789012"

    @Option(name: .long, help: "The region of callers that name none, and of the console.")
    var region = "us-east-1"

    @Flag(name: .long, help: "Refuse every call that would change something.")
    var readOnly = false

    @Flag(name: .long, help: "Answer https, with a certificate authority of the world's own.")
    var tls = false

    @Flag(name: .long, help: "Survive a power cut too: wait for the disk at every commit.")
    var fullSync = false

    @Flag(
        name: .long,
        help: "Refuse wrong signatures, as AWS does. The secret of a key that STS did not issue is the key id itself.")
    var checkSignatures = false

    @Option(
        name: .long,
        help:
            "What happens to calls that policies do not allow: off, warn (the timeline tells) or on (denied). Default: what the world was last set to, at first warn."
    )
    var enforcement: Enforcement?

    @Option(name: .long, help: "The seed of all identifiers and chance in a new world.")
    var seed: UInt64?

    func validate() throws {
        guard account.utf8.count == 12, account.utf8.allSatisfy({ (48...57).contains($0) }) else {
            throw ValidationError("An account has twelve digits.")
        }
        if let port, !(0...65_535).contains(port) { throw ValidationError("A port is between 0 and 65535.") }
    }

    func engineOptions() -> LocalEngine.Options {
        var options = LocalEngine.Options()
        options.host = host
        options.port = port ?? 4566
        options.mayMovePort = port == nil
        options.accountID = account
        options.region = region
        options.usesTLS = tls
        options.isReadOnly = readOnly
        options.durability = fullSync ? .full : .normal
        options.checksSignatures = checkSignatures
        options.seed = seed
        options.enforcement = enforcement
        return options
    }
}
