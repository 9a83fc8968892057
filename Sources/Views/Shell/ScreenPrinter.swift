import Synchronization
import TerminalUI

/// Runs a screen without a terminal until it has loaded, and draws it once: `skua show` and `skua screenshot`.
public enum ScreenPrinter {
    /// The frame of a screen once its own work is done.
    /// With `isWhole`, top line and key line are drawn too, as for a screenshot.
    public static func frame(
        of screen: any Screen, context: ConsoleContext, status: ConsoleStatus = ConsoleStatus(),
        size: Size = .large, encoding: Encoding = .utf8, isWhole: Bool = false
    ) async -> CellBuffer {
        var entry = ScreenEntry(id: 0, screen: screen)
        var waiting = entry.update(.appeared)
        while !waiting.isEmpty {
            let effects = waiting
            waiting = []
            for case .work(_, false, let operation) in effects {
                let reports = Reports()
                let message = await operation(context) { reports.add($0) }
                for report in reports.all { waiting += entry.update(.message(report)) }
                if let message { waiting += entry.update(.message(message)) }
            }
        }
        let buffer = CellBuffer(size: size, encoding: encoding)
        let surface = Surface(buffer)
        let frame = FrameContext(status: status, isInteractive: isWhole)
        if isWhole {
            let parts = surface.rows([.fixed(1), .fill(), .fixed(1)])
            ShellFrame.drawTop(on: parts[0], crumbs: entry.screen.crumbs, status: status)
            entry.screen.render(on: parts[1], in: frame)
            ShellFrame.drawKeys(
                on: parts[2], context.capabilities.granted(entry.screen.bindings),
                [ShellBindings.palette, ShellBindings.help, ShellBindings.quit])
        } else {
            entry.screen.render(on: surface, in: frame)
        }
        return buffer
    }
}

/// What work reported on its way, in order.
private final class Reports: Sendable {
    private let list = Mutex<[any Sendable]>([])

    var all: [any Sendable] { list.withLock { $0 } }

    func add(_ report: any Sendable) { list.withLock { $0.append(report) } }
}
