import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// The token of a task that waits for an answer from outside, found where the definition put it.
enum TaskToken {
    /// Nil unless the visit runs, waits for its token, and gave it to what it called.
    static func find(_ visit: StateVisit, _ state: StateDefinition?) -> String? {
        guard visit.status == .running, let state, state.resource?.hasSuffix(".waitForTaskToken") == true,
            let attempt = visit.attempts.last, attempt.status.isOpen, let text = attempt.parameters,
            let sent = try? JSONReader.parse(text)
        else { return nil }
        for member in ["Parameters", "Arguments"] {
            if let template = state.document[member], let token = token(in: sent, where: template) { return token }
        }
        return nil
    }

    private static func token(in sent: DocumentValue, where template: DocumentValue) -> String? {
        switch template {
        case .object(let object):
            for (key, value) in object {
                let name = key.hasSuffix(".$") ? String(key.dropLast(2)) : key
                if let text = value.string, text.contains("Task.Token") {
                    if let token = sent[name]?.string { return token }
                } else if let inner = sent[name], let found = token(in: inner, where: value) {
                    return found
                }
            }
        case .list(let list):
            for (index, value) in list.enumerated() {
                if let inner = sent[index], let found = token(in: inner, where: value) { return found }
            }
        default: break
        }
        return nil
    }

    static func answer(_ token: String, _ values: FormValues, _ context: ConsoleContext) async throws {
        if values["answer"] == "success" {
            _ = try await context.aws.call(
                SFN.sendTaskSuccess, .init(taskToken: token, output: values.optional("output") ?? "{}"))
        } else {
            _ = try await context.aws.call(
                SFN.sendTaskFailure,
                .init(taskToken: token, error: values.optional("error"), cause: values.optional("cause")))
        }
    }

    static func form(state: String) -> Form {
        Form(
            "Answer for \(state)", submit: "Send",
            [
                FormField(
                    "answer", "Answer", .choice(["success", "failure"]), hint: "SendTaskSuccess or SendTaskFailure"),
                FormField(
                    "output", "Output", .multiline(rows: 6, json: true), value: "{}", hint: "JSON, the task's result",
                    visible: { $0["answer"] == "success" }),
                FormField(
                    "error", "Error", .text, hint: "At most 256 characters; a Retry or Catch may list it",
                    visible: { $0["answer"] == "failure" },
                    validate: { text, _ in
                        text.count > 256 ? "At most 256 characters" : nil
                    }),
                FormField(
                    "cause", "Cause", .text, hint: "For people, at most 32,768 characters",
                    visible: { $0["answer"] == "failure" }),
            ])
    }
}
