import Foundation

/// Whether a full screen is possible here, asked before anything is opened.
enum TerminalCheck {
    static func require() throws {
        guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1 else {
            throw Failure(
                "This is no terminal. Print screens with 'skua show SCREEN', or run the engine alone with 'skua serve'.",
                .noTerminal)
        }
        let name = ProcessInfo.processInfo.environment["TERM"] ?? ""
        guard !name.isEmpty, name != "dumb" else {
            throw Failure(
                "TERM=\(name.isEmpty ? "(unset)" : name) cannot show a full screen. Print screens with "
                    + "'skua show SCREEN', or run the engine alone with 'skua serve'.", .noTerminal)
        }
    }
}
