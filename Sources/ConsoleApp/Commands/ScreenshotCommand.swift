import ArgumentParser
import Foundation
import TerminalUI
import Views

struct ScreenshotCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "screenshot", abstract: "A screen as an SVG image, drawn by the program itself.")

    @Argument(help: "The screen and its arguments, such as: sqs.queue orders")
    var screen: [String]

    @Option(name: .shortAndLong, help: "The file to write.")
    var output: String

    @OptionGroup var options: WorldOptions

    @Option(name: .long, help: "Draw another endpoint instead of a world.")
    var endpoint: String?

    @Option(name: .long, help: "Columns and rows.")
    var size = TerminalSize(width: 120, height: 40)

    @Option(name: .long, help: "Colours: dark, light or mono.")
    var theme: AppearanceOptions.ThemeName = .dark

    func run() async throws {
        try await ending {
            let address = ScreenAddress(id: screen.first ?? "home", arguments: Array(screen.dropFirst()))
            let name = Theme.Name(rawValue: theme.rawValue) ?? .dark
            let image = try await ScreenSource(options: options, endpoint: endpoint).withSession { session in
                // A picture for others: where it was taken is nobody's business.
                var session = session
                session.endpointName = nil
                let buffer = try await session.frame(of: address, size: size.cells, encoding: .utf8, isWhole: true)
                return SVGPainter.paint(buffer, theme: Theme.named(name), title: "skua")
            }
            do {
                try Data(image.utf8).write(to: URL(fileURLWithPath: output))
            } catch {
                throw Failure("\(output) cannot be written: \(error.localizedDescription)")
            }
        }
    }
}
