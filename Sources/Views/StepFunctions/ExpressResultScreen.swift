import AWSModel
import AWSTypes
import TerminalUI

/// How an Express execution ended, which is all that is ever known of it.
struct ExpressResultScreen: Screen {
    typealias Message = Never

    let machine: String
    let output: SFN.StartSyncExecutionOutput
    private var viewer: JSONViewer

    init(machine: String, output: SFN.StartSyncExecutionOutput) {
        self.machine = machine
        self.output = output
        viewer = JSONViewer(output.output ?? "", id: "express.output")
        viewer.emptyText = "It ended without output."
    }

    var crumbs: [String] { ["Step Functions", machine, output.name ?? "Express execution"] }
    var capturesText: Bool { viewer.capturesText }
    var handlesEscape: Bool { viewer.handlesEscape }
    var copyText: String? { viewer.selectedValue ?? output.executionArn }
    var bindings: [KeyBinding] { JSONViewer.bindings }

    mutating func update(_ event: ScreenEvent<Never>) -> [Effect<Never>] {
        switch event {
        case .action(let action): _ = viewer.perform(action)
        case .input(let input): _ = viewer.handle(input)
        default: break
        }
        return []
    }

    func render(on surface: Surface, in frame: FrameContext) {
        var lines = [StatusMark.execution(output.status).line(output.status)]
        let took = (output.stopDate.microseconds - output.startDate.microseconds) / 1000
        lines[0].append(" · \(ElapsedTime.date(output.startDate)) · \(ElapsedTime.text(milliseconds: took))", .dim)
        if let billing = output.billingDetails, let memory = billing.billedMemoryUsedInMB,
            let time = billing.billedDurationInMilliseconds
        {
            lines[0].append(" · billed \(time) ms at \(memory) MB", .dim)
        }
        if let error = output.error {
            lines += TextWrapping.wrap(CauseText.line(error, output.cause), to: max(20, surface.width - 2)).prefix(4)
                .map { StyledLine($0, .failure) }
        }
        let parts = surface.rows([.fixed(lines.count), .fill()])
        for (y, line) in lines.enumerated() { parts[0].write(line, x: 1, y: y) }
        viewer.render(on: parts[1].panel("Output", focused: true), focused: frame.isInteractive)
    }
}
