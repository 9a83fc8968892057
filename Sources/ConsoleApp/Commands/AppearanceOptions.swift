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
            encoding: ascii ? .ascii : nil, colours: resolvedThemeName == .mono ? .monochrome : nil,
            isMouseEnabled: isMouseEnabled)
    }

    var resolvedTheme: Theme { Theme.named(resolvedThemeName) }

    private var resolvedThemeName: Theme.Name {
        switch theme {
        case .dark: .dark
        case .light: .light
        case .mono: .mono
        case nil: ProcessInfo.processInfo.environment["NO_COLOR"].map { !$0.isEmpty } == true ? .mono : .dark
        }
    }
}
