import TerminalUI

/// The keys that work on every screen. Help and the README's key table are made from these.
public enum ShellBindings {
    public static let palette = KeyBinding(
        [":"], "palette", "shell.palette", help: "Command palette: go anywhere, do anything")
    public static let help = KeyBinding(["?", "f1"], "help", "shell.help", help: "Help for this screen")
    public static let quit = KeyBinding(["q", "ctrl+c"], "quit", "shell.quit", help: "Quit")
    public static let back = KeyBinding(
        ["esc"], "back", "shell.back", help: "Back to the last screen, or out of a filter")
    public static let actions = KeyBinding(["a"], "actions", "shell.actions", help: "Actions of the selected thing")
    public static let copy = KeyBinding(["y"], "copy", "shell.copy", help: "Copy the selected thing to your clipboard")

    /// In the order of help.
    public static let all: [KeyBinding] = [
        palette, help, actions, copy, back,
        KeyBinding(
            ["!"], "What is wrong", "shell.problems", help: "What is stuck, failing or dropping, and why",
            prominence: .help),
        KeyBinding(["["], "Back in history", "shell.historyBack", prominence: .help),
        KeyBinding(["]"], "Forward in history", "shell.historyForward", prominence: .help),
        KeyBinding(
            ["T"], "Time", "shell.time", help: "Time: pause, scale, step or jump the engine's clock", prominence: .help),
        KeyBinding(["ctrl+l"], "Redraw", "shell.redraw", help: "Draw the whole screen again", prominence: .help),
        KeyBinding(
            ["ctrl+z"], "Stop", "shell.suspend", help: "Stop and go back to the shell; fg continues", prominence: .help),
        quit,
    ]

    /// Keys of ours that a screen or a text may not take.
    static let unconditional: [KeyBinding] = all.filter { ["shell.redraw"].contains($0.action.name) }

    /// As a table in Markdown: every key of the shell, then those of each screen under its title.
    public static func markdown(_ screens: [(title: String, bindings: [KeyBinding])]) -> String {
        var text = section("Everywhere", all)
        for screen in screens { text += "\n" + section(screen.title, screen.bindings) }
        return text
    }

    private static func section(_ title: String, _ bindings: [KeyBinding]) -> String {
        var text = "### \(title)\n\n| Key | |\n| --- | --- |\n"
        for binding in bindings {
            let keys = binding.keys.map { "`\($0.description == "|" ? "\\|" : $0.description)`" }.joined(separator: " ")
            text += "| \(keys) | \(binding.help.isEmpty ? binding.title : binding.help) |\n"
        }
        return text
    }
}
