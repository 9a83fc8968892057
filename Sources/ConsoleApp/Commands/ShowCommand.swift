import ArgumentParser
import TerminalUI
import Views

struct ShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Any screen as plain text.",
        discussion: "Without a screen: lists them.\n\n"
            + ConsoleScreens.catalog.registrations.map { "  \($0.usage)" }.joined(separator: "\n"))

    @Argument(help: "The screen and its arguments, such as: sqs.queue orders")
    var screen: [String] = []

    @OptionGroup var options: WorldOptions

    @Option(name: .long, help: "Show another endpoint instead of a world.")
    var endpoint: String?

    @Option(name: .long, help: "Columns and rows; what is longer than that is cut.")
    var size = TerminalSize(width: 120, height: 400)

    @Flag(name: .long, help: "Draw with ASCII only.")
    var ascii = false

    func run() async throws {
        try await ending {
            guard let id = screen.first else {
                for registration in ConsoleScreens.catalog.registrations {
                    print("\(registration.usage)\n    \(registration.summary)")
                }
                return
            }
            let address = ScreenAddress(id: id, arguments: Array(screen.dropFirst()))
            let text = try await ScreenSource(options: options, endpoint: endpoint).withSession { session in
                PlainTextPainter.paintCompactly(
                    try await session.frame(
                        of: address, size: size.cells, encoding: ascii ? .ascii : .utf8, isWhole: false))
            }
            print(text)
        }
    }
}

/// `120x40` on the command line.
struct TerminalSize: ExpressibleByArgument, CustomStringConvertible {
    var width: Int
    var height: Int

    init(width: Int, height: Int) {
        self.width = width
        self.height = height
    }

    init?(argument: String) {
        let parts = argument.split(separator: "x").compactMap { Int($0) }
        guard parts.count == 2, (20...500).contains(parts[0]), (5...500).contains(parts[1]) else { return nil }
        self.init(width: parts[0], height: parts[1])
    }

    var description: String { "\(width)x\(height)" }
    var defaultValueDescription: String { description }
    var cells: Size { Size(width: width, height: height) }
}
