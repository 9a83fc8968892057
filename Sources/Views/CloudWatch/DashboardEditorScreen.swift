import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// The body of a dashboard as text, checked as it is typed and by CloudWatch when it is put.
struct DashboardEditorScreen: Screen {
    enum Message: Sendable {
        case read(Result<String, any Error>)
        case saved(Result<[CloudWatch.DashboardValidationMessage], any Error>)
        case templateChosen(ActionID)
    }

    let name: String
    private var editor = TextEditor("", language: .json)
    private var stored: String?
    private var failure: String?
    private var findings: [CloudWatch.DashboardValidationMessage] = []
    private var isSaving = false

    init(name: String) { self.name = name }

    var crumbs: [String] { ["CloudWatch", "Dashboards", name, "Body"] }
    var capturesText: Bool { true }
    var copyText: String? { editor.text }
    private var isChanged: Bool { stored != nil && editor.text != stored }

    var bindings: [KeyBinding] {
        let isJSON = Availability.when(editor.error == nil && !editor.isEmpty, otherwise: "The body is not JSON")
        return [
            KeyBinding(
                ["ctrl+s", "f5"], "save", "save", help: "Put the body",
                availability: stored == nil ? .disabled("It has not been read") : isJSON, needs: [.changes]),
            KeyBinding(["ctrl+t"], "add widget", "template", help: "Put a widget in", availability: isJSON),
            KeyBinding(["ctrl+f"], "format", "format", help: "Indent the JSON", availability: isJSON),
        ]
    }

    mutating func update(_ event: ScreenEvent<Message>) -> [Effect<Message>] {
        switch event {
        case .appeared:
            let name = name
            return [
                .work("read") { context in
                    try await context.aws.call(CloudWatch.getDashboard, .init(dashboardName: name)).dashboardBody ?? ""
                } then: {
                    .read($0)
                }
            ]
        case .action("save"):
            guard !isSaving else { return [] }
            isSaving = true
            let (name, body) = (name, editor.text)
            return [
                .work("save") { context in
                    try await context.aws.call(
                        CloudWatch.putDashboard, .init(dashboardName: name, dashboardBody: body)
                    ).dashboardValidationMessages ?? []
                } then: {
                    .saved($0)
                }
            ]
        case .action("template"):
            let items = Self.templates.map { MenuItem(ActionID($0.name), $0.title) }
            return [.menu(Menu("Add a widget", items)) { .templateChosen($0) }]
        case .action("format"):
            if let value = try? JSONReader.parse(editor.text) { editor.text = JSONWriter.string(value, pretty: true) }
        case .input(let input): _ = editor.handle(input)
        case .message(.read(.success(let body))):
            let value = try? JSONReader.parse(body)
            editor.text = value.map { JSONWriter.string($0, pretty: true) } ?? body
            stored = editor.text
        case .message(.read(.failure(let error))): failure = error.sentence
        case .message(.saved(.success(let messages))):
            isSaving = false
            failure = nil
            findings = messages
            stored = editor.text
            return [
                messages.isEmpty
                    ? .toast("Saved \(name)")
                    : .toast("Saved \(name), with \(Quantity.count(messages.count, "warning"))", .warning)
            ]
        case .message(.saved(.failure(let error))):
            isSaving = false
            failure = error.sentence
            findings =
                (error as? AWSError)?.fields.list("dashboardValidationMessages")?.map {
                    CloudWatch.DashboardValidationMessage($0.object ?? [:])
                } ?? []
        case .message(.templateChosen(let action)):
            guard let template = Self.templates.first(where: { $0.name == action.name }),
                let widget = (try? JSONReader.parse(template.json))?.object
            else { return [] }
            editor.text = DashboardBody.adding(widget, height: template.height, to: editor.text)
            editor.move(to: TextPosition(line: .max, column: 0))
        default: break
        }
        return []
    }

    private static let templates: [(name: String, title: String, height: Int, json: String)] = [
        (
            "metric", "Metrics over time", 6,
            #"{"type":"metric","properties":{"title":"Invocations","view":"timeSeries","stat":"Sum","period":60,"metrics":[["AWS/Lambda","Invocations",{"id":"m1"}],[".","Errors",{"id":"m2"}],[{"expression":"100 * m2 / m1","label":"Error rate","id":"e1"}]]}}"#
        ),
        (
            "number", "Metrics as numbers", 3,
            #"{"type":"metric","properties":{"title":"Now","view":"singleValue","stat":"Average","metrics":[["AWS/SQS","ApproximateNumberOfMessagesVisible","QueueName","orders"]]}}"#
        ),
        ("text", "Text", 2, ##"{"type":"text","properties":{"markdown":"# Heading\nWhat to watch, and why."}}"##),
        (
            "log", "Log query", 6,
            #"{"type":"log","properties":{"title":"Errors","view":"table","query":"SOURCE '/aws/lambda/charge' | filter @message like /ERROR/ | sort @timestamp desc | limit 20"}}"#
        ),
        (
            "alarm", "Alarms", 3,
            #"{"type":"alarm","properties":{"title":"Alarms","alarms":["arn:aws:cloudwatch:us-east-1:123456789012:alarm:NAME"]}}"#
        ),
    ]

    func render(on surface: Surface, in frame: FrameContext) {
        let lines = findings.prefix(6)
        let below = lines.count + (failure == nil ? 0 : 1)
        let parts = surface.rows([.fill(), .fixed(below == 0 ? 0 : below + 2)])
        let note = StyledLine(isSaving ? "saving…" : isChanged ? "changed" : "saved", isChanged ? .warning : .dim)
        editor.render(on: parts[0].panel(name, focused: true, note: note), focused: frame.isInteractive)
        guard below > 0 else { return }
        let inside = parts[1].panel("What CloudWatch says")
        var y = 0
        if let failure {
            inside.write([Span("✗ ", .failure), Span(failure, .failure)], x: 1, y: y)
            y += 1
        }
        for finding in lines {
            inside.write(
                [
                    Span("▲ ", .warning), Span((finding.dataPath ?? "") + "  ", .accent),
                    Span(finding.message ?? "", .text),
                ], x: 1, y: y)
            y += 1
        }
    }
}
