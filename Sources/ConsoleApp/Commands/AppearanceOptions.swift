import ArgumentParser
import CursesDriver
import Foundation
import TerminalUI

/// How the console looks; chosen from the terminal where nothing is said.
struct AppearanceOptions: ParsableArguments {
    enum ThemeName: String, ExpressibleByArgument, CaseIterable { case dark, light, mono }

    @Option(name: .long, help: "Colours: dark, light or mono. NO_COLOR means mono.")
    var theme: ThemeName?

    @Flag(name: .long, help: "Draw with ASCII only.")
    var ascii = false

    @Flag(name: .long, help: "Leave the mouse to the terminal.")
    var noMouse = false

    var isMouseEnabled: Bool { !noMouse }

    var cursesOptions: CursesOptions {
        CursesOptions(
            encoding: ascii ? .ascii : nil, colours: isWithoutColour ? .monochrome : nil,
            isMouseEnabled: isMouseEnabled)
    }

    /// The user's choice; else mono for `NO_COLOR` (no-color.org), else what suits the terminal's own background.
    var resolvedTheme: Theme {
        let environment = ProcessInfo.processInfo.environment
        switch theme {
        case .dark: return .dark
        case .light: return .light
        case .mono: return .mono
        case nil:
            if isWithoutColour { return .mono }
            return Theme.suited(toForegroundAndBackground: environment["COLORFGBG"])
        }
    }

    private var isWithoutColour: Bool {
        theme == .mono || (theme == nil && ProcessInfo.processInfo.environment["NO_COLOR"]?.isEmpty == false)
    }
}
