import ArgumentParser

@main
struct Program: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "skua",
        abstract: "The serverless console for a terminal.",
        discussion: """
            Without a command: opens the console on your world, with the embedded engine and its endpoint on
            127.0.0.1:4566. A second skua on the same world attaches to the first.

            EXAMPLES
              skua demo                                    a live order pipeline to look around in
              skua                                         the console on your own world
              skua serve --port 4566                       the engine alone, for tests and CI
              aws --endpoint-url http://127.0.0.1:4566 sqs list-queues
              skua show sqs.queues                         any screen as plain text
              skua deploy hello ./hello --runtime python3.13 --handler index.handler
              skua validate machine.asl.yaml               a state machine's definition, checked in AWS's words
              skua attach http://localhost:4566            the console on another endpoint
              skua attach aws --profile dev --region eu-central-1

            EXIT CODES
              0 done · 1 failed · 64 wrong usage · 66 the world or a file cannot be opened · 69 the endpoint is not
              available · 75 no terminal
            """,
        version: Version.current,
        subcommands: [
            ConsoleCommand.self, ServeCommand.self, AttachCommand.self, ShowCommand.self, DemoCommand.self,
            DeployCommand.self, ValidateCommand.self, ScreenshotCommand.self, GalleryCommand.self,
        ],
        defaultSubcommand: ConsoleCommand.self)
}

extension AsyncParsableCommand {
    /// Runs `body`, and ends the program with a failure's own sentence and status.
    func ending(_ body: () async throws -> Void) async throws {
        do {
            try await body()
        } catch let failure as Failure {
            StandardError.write("skua: \(failure.description)")
            throw ExitCode(failure.code.rawValue)
        }
    }
}
