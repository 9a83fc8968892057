import TerminalUI

/// Help for a screen, made from the bindings that work there.
enum HelpText {
    static func lines(title: String, screen: [KeyBinding]) -> [StyledLine] {
        var lines: [StyledLine] = []
        let prominent = screen.filter { $0.prominence == .footer }
        let quiet = screen.filter { $0.prominence == .help }
        if !prominent.isEmpty { lines += section(title, prominent) }
        if !quiet.isEmpty { lines += section(prominent.isEmpty ? title : "Moving about", quiet) }
        lines += section("Everywhere", ShellBindings.all)
        return lines
    }

    private static func section(_ title: String, _ bindings: [KeyBinding]) -> [StyledLine] {
        var lines: [StyledLine] = [StyledLine(title, Style(.title, .bold))]
        for binding in bindings {
            var line = StyledLine(
                "  " + binding.keyNames.padded(to: 22), binding.availability.isEnabled ? .key : .disabled)
            line.append(
                binding.help.isEmpty ? binding.title : binding.help, binding.availability.isEnabled ? .text : .disabled)
            if let reason = binding.availability.reason { line.append("  (\(reason))", .dim) }
            lines.append(line)
        }
        lines.append("")
        return lines
    }
}
