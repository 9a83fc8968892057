import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// Who may use the queue: its resource policy.
struct QueuePolicyTab: QueueTab {
    enum Message: Sendable {
        case edited(FormValues)
        case saved(Result<Void, any Error>, FormValues)
        case removeConfirmed
    }

    var queue: QueueReading? { didSet { viewer.set(queue?.attributes["Policy"] ?? "") } }
    var isStale = false
    var viewer = JSONViewer("", id: "json.policy")

    var capturesText: Bool { viewer.capturesText }
    var handlesEscape: Bool { viewer.handlesEscape }
    var copyText: String? { viewer.text.isEmpty ? nil : viewer.text }

    var bindings: [KeyBinding] {
        [
            KeyBinding(["e"], "edit", "edit", help: "Edit the policy", menu: true, needs: [.changes]),
            KeyBinding(
                ["d"], "remove", "remove", help: "Remove the policy",
                availability: .when(!viewer.text.isEmpty, otherwise: "The queue has no policy"), menu: true,
                destructive: true),
        ] + (viewer.text.isEmpty ? [] : JSONViewer.bindings)
    }

    mutating func update(_ event: ScreenEvent<Message>) -> [Effect<Message>] {
        switch event {
        case .action("edit"): return [.form(form()) { .edited($0) }]
        case .action("remove"):
            return [
                .confirm(
                    .delete(
                        "the access policy",
                        consequences: [
                            "Afterwards only this account's own identities may use \(queue?.name ?? "the queue")"
                        ]), then: .removeConfirmed)
            ]
        case .action(let action): _ = viewer.perform(action)
        case .input(let input): _ = viewer.handle(input)
        case .message(.edited(let values)): return [save(values["policy"], values)]
        case .message(.removeConfirmed): return [save("", FormValues())]
        case .message(.saved(.success, let values)):
            isStale = true
            return [.toast(values["policy"].isEmpty ? "Removed the policy" : "Saved the policy")]
        case .message(.saved(.failure(let error), let values)):
            if values["policy"].isEmpty { return [.toast(error.sentence, .failed)] }
            return [.form(form().filled(with: values, failure: error.sentence)) { .edited($0) }]
        default: break
        }
        return []
    }

    private func form() -> Form {
        let text = (try? JSONReader.parse(viewer.text)).map { JSONWriter.string($0, pretty: true) } ?? template
        return Form(
            "Access policy of \(queue?.name ?? "")", submit: "Save",
            [
                FormField(
                    "policy", "Policy", .multiline(rows: 12, json: true), value: text,
                    hint: "JSON policy document, at most 30,720 bytes", required: true)
            ])
    }

    /// A statement to start from: a topic's right to send.
    private var template: String {
        """
        {
          "Version": "2012-10-17",
          "Statement": [
            {
              "Sid": "AllowSend",
              "Effect": "Allow",
              "Principal": { "Service": "sns.amazonaws.com" },
              "Action": "sqs:SendMessage",
              "Resource": "\(queue?.arn ?? "*")"
            }
          ]
        }
        """
    }

    private func save(_ policy: String, _ values: FormValues) -> Effect<Message> {
        let url = queue?.url ?? ""
        return .work("save") { context in
            _ = try await context.aws.call(SQS.setQueueAttributes, .init(queueUrl: url, attributes: ["Policy": policy]))
        } then: {
            .saved($0, values)
        }
    }

    func render(on surface: Surface, in frame: FrameContext) {
        let inside = surface.panel("Access policy", focused: true)
        if viewer.text.isEmpty {
            let lines = [
                "No policy: identities of this account may use the queue as their own policies say.", "",
                "Press e to write one.",
            ]
            for (row, line) in lines.flatMap({
                $0.isEmpty ? [""] : TextWrapping.wrap($0, to: max(20, inside.width - 8))
            }).enumerated() {
                inside.write(
                    line, x: 0, y: inside.height / 2 - 1 + row, width: inside.width, align: .centre, Style(.dim))
            }
        } else {
            viewer.render(on: inside.inset(horizontally: 1), focused: frame.isInteractive)
        }
    }
}
