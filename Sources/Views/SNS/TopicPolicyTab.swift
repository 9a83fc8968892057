import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// Who may use the topic: its resource policy.
struct TopicPolicyTab: TopicTab {
    enum Message: Sendable {
        case edited(FormValues)
        case saved(Result<Void, any Error>, FormValues)
    }

    var topic: TopicReading? { didSet { viewer.set(topic?.attributes["Policy"] ?? "") } }
    var isStale = false
    var viewer = JSONViewer("", id: "json.policy")

    var capturesText: Bool { viewer.capturesText }
    var handlesEscape: Bool { viewer.handlesEscape }
    var copyText: String? { viewer.text.isEmpty ? nil : viewer.text }

    var bindings: [KeyBinding] {
        [
            KeyBinding(["e"], "edit", "edit", help: "Edit the policy", menu: true, needs: [.changes])
        ] + (viewer.text.isEmpty ? [] : JSONViewer.bindings)
    }

    mutating func update(_ event: ScreenEvent<Message>) -> [Effect<Message>] {
        switch event {
        case .action("edit"): return [.form(form()) { .edited($0) }]
        case .action(let action): _ = viewer.perform(action)
        case .input(let input): _ = viewer.handle(input)
        case .message(.edited(let values)): return [save(values)]
        case .message(.saved(.success, _)):
            isStale = true
            return [.toast("Saved the policy")]
        case .message(.saved(.failure(let error), let values)):
            return [.form(form().filled(with: values, failure: error.sentence)) { .edited($0) }]
        default: break
        }
        return []
    }

    private func form() -> Form {
        let text = (try? JSONReader.parse(viewer.text)).map { JSONWriter.string($0, pretty: true) } ?? template
        return Form(
            "Access policy of \(topic?.name ?? "")", submit: "Save",
            [
                FormField(
                    "policy", "Policy", .multiline(rows: 12, json: true), value: text,
                    hint: "JSON policy document, at most 30,720 bytes", required: true)
            ])
    }

    /// A statement to start from: a service's right to publish.
    private var template: String {
        """
        {
          "Version": "2012-10-17",
          "Statement": [
            {
              "Sid": "AllowPublish",
              "Effect": "Allow",
              "Principal": { "Service": "events.amazonaws.com" },
              "Action": "sns:Publish",
              "Resource": "\(topic?.arn ?? "*")"
            }
          ]
        }
        """
    }

    private func save(_ values: FormValues) -> Effect<Message> {
        let arn = topic?.arn ?? ""
        return .work("save") { context in
            _ = try await context.aws.call(
                SNS.setTopicAttributes, .init(topicArn: arn, attributeName: "Policy", attributeValue: values["policy"]))
        } then: {
            .saved($0, values)
        }
    }

    func render(on surface: Surface, in frame: FrameContext) {
        let inside = surface.panel("Access policy", focused: true)
        if viewer.text.isEmpty {
            let lines = [
                "No policy: identities of this account may use the topic as their own policies say.", "",
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
