import AWSModel
import TerminalUI

/// The resource policy of something: where it is read, how it is put, what it is without one.
struct ResourcePolicy<Reading: Sendable>: Sendable {
    let name: @Sendable (Reading) -> String
    /// As the service stores it; empty where there is none.
    let text: @Sendable (Reading) -> String
    let arn: @Sendable (Reading) -> String
    /// A statement to begin with: whom it lets do what.
    let sample: (principal: String, action: String)
    /// AWS: in bytes.
    let longest: Int
    /// What is shown where there is none.
    let none: String
    /// What is lost with it; nil where it cannot be taken away.
    let loss: (@Sendable (Reading) -> String)?
    /// Puts a text; nil takes the policy away.
    let put: @Sendable (Reading, String?, ConsoleContext) async throws -> Void
}

/// Who may use a resource: its policy, to read and to write.
struct ResourcePolicyTab<Reading: Sendable>: ResourceTab {
    enum Message: Sendable {
        case form(FormStep)
        case removed(BulkResult<Reading>)
    }

    let policy: ResourcePolicy<Reading>
    var reading: Reading? { didSet { viewer.set(reading.map(policy.text) ?? "") } }
    var isStale = false
    var viewer = JSONViewer("", id: "json.policy")

    init(_ policy: ResourcePolicy<Reading>) { self.policy = policy }

    private var hasNone: Bool { viewer.text.isEmpty }
    var capturesText: Bool { viewer.capturesText }
    var handlesEscape: Bool { viewer.handlesEscape }
    var copyText: String? { hasNone ? nil : viewer.text }

    var bindings: [KeyBinding] {
        var bindings = [KeyBinding(["e"], "edit", "edit", help: "Edit the policy", menu: true, needs: [.changes])]
        if policy.loss != nil {
            bindings.append(
                KeyBinding(
                    ["d"], "remove", "remove", help: "Remove the policy",
                    availability: .when(!hasNone, otherwise: "There is no policy"), menu: true, destructive: true))
        }
        return bindings + (hasNone ? [] : JSONViewer.bindings)
    }

    mutating func update(_ event: ScreenEvent<Message>) -> [Effect<Message>] {
        switch event {
        case .action("edit"): return reading.map { [edit($0)] } ?? []
        case .action("remove"): return reading.map { removal.effects(on: [$0]) { .removed($0) } } ?? []
        case .action(let action): _ = viewer.perform(action)
        case .input(let input): _ = viewer.handle(input)
        case .message(.form(let step)):
            isStale = step.isDone
            return step.effects { .form($0) }
        case .message(.removed(let result)): isStale = !result.succeeded.isEmpty
        default: break
        }
        return []
    }

    private var removal: BulkAction<Reading> {
        let policy = policy
        return .remove(
            Noun("policy of", "policies"), name: policy.name, consequence: policy.loss ?? policy.name,
            each: { try await policy.put($0, nil, $1) })
    }

    private func edit(_ reading: Reading) -> Effect<Message> {
        let policy = policy
        let text = (try? JSONReader.parse(viewer.text)).map { JSONWriter.string($0, pretty: true) }
        let form = Form(
            "Access policy of \(policy.name(reading))", submit: "Save",
            [
                FormField(
                    "policy", "Policy", .multiline(rows: 12, json: true), value: text ?? template(reading),
                    hint: "JSON policy document, at most \(policy.longest.grouped) bytes", required: true,
                    validate: { text, _ in
                        let size = text.utf8.count
                        return size > policy.longest
                            ? "At most \(policy.longest.grouped) bytes, this has \(size.grouped)" : nil
                    })
            ])
        return FormTask.ask(form, { .form($0) }) { values, context in
            try await policy.put(reading, values["policy"], context)
            return .init("Saved the policy")
        }
    }

    private func template(_ reading: Reading) -> String {
        """
        {
          "Version": "2012-10-17",
          "Statement": [
            {
              "Sid": "Allow",
              "Effect": "Allow",
              "Principal": \(policy.sample.principal),
              "Action": "\(policy.sample.action)",
              "Resource": "\(policy.arn(reading))"
            }
          ]
        }
        """
    }

    func render(on surface: Surface, in frame: FrameContext) {
        let inside = surface.panel("Access policy", focused: true)
        guard hasNone else {
            return viewer.render(on: inside.inset(horizontally: 1), focused: frame.isInteractive)
        }
        let lines = TextWrapping.wrap(policy.none, to: max(20, inside.width - 8)) + ["", "Press e to write one."]
        for (row, line) in lines.enumerated() {
            inside.write(
                line, x: 0, y: inside.height / 2 - 1 + row, width: inside.width, align: .centre, Style(.dim))
        }
    }
}
