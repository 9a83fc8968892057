import ArgumentParser

struct AttachCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "attach", abstract: "The console on another AWS-compatible endpoint, or on AWS itself.")

    @Argument(help: "The endpoint's URL, or 'aws' for AWS itself.")
    var endpoint: String

    @Option(name: .long, help: "The region.")
    var region = "us-east-1"

    @Option(name: .long, help: "The profile of ~/.aws/credentials and ~/.aws/config.")
    var profile: String?

    @Option(name: .long, help: "A certificate authority to trust besides the system's, as PEM.")
    var certificateAuthority: String?

    @Flag(name: .long, help: "Refuse every action that would change something.")
    var readOnly = false

    @Option(name: .long, help: "The screen to open, as in 'skua show'.")
    var open = "home"

    @OptionGroup var appearance: AppearanceOptions

    func validate() throws {
        guard endpoint == "aws" || endpoint.hasPrefix("http://") || endpoint.hasPrefix("https://") else {
            throw ValidationError("Give a URL such as http://localhost:4566, or 'aws'.")
        }
    }

    func run() async throws {
        try await ending {
            try TerminalCheck.require()
            let connection = RemoteConnection(
                endpoint: endpoint == "aws" ? nil : endpoint, region: region,
                accessKeyID: endpoint == "aws" ? nil : "test", profile: profile,
                certificatePath: certificateAuthority, isReadOnly: readOnly)
            try await connection.runConsole(appearance, open: open)
        }
    }
}
