import AWSModel
import TerminalUI

/// Forms of IAM: identities and policies.
enum PolicyForms {
    static let template = """
        {
          "Version": "2012-10-17",
          "Statement": [
            {
              "Sid": "AllowSend",
              "Effect": "Allow",
              "Action": ["sqs:SendMessage"],
              "Resource": "*"
            }
          ]
        }
        """

    /// AWS: letters, digits and `+=,.@_-`.
    static func nameProblem(_ name: String, atMost limit: Int) -> String? {
        if name.count > limit { return "At most \(limit) characters, this has \(name.count)" }
        let isRight = name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "+=,.@_-".contains($0)) }
        return isRight ? nil : "Letters, digits and +=,.@_- only"
    }

    private static func name(_ limit: Int) -> FormField {
        FormField(
            "name", "Name", hint: "1–\(limit) letters, digits and +=,.@_-", required: true,
            validate: { text, _ in nameProblem(text, atMost: limit) })
    }

    private static func document(_ text: String, _ limit: String) -> FormField {
        FormField(
            "document", "Document", .multiline(rows: 12, json: true), value: text,
            hint: "JSON policy document, at most \(limit) characters", required: true)
    }

    static func policy() -> Form {
        Form(
            "Create policy", submit: "Create",
            [
                name(128), FormField("description", "Description", hint: "Cannot be changed later"),
                document(template, "6,144"),
            ])
    }

    static func version(of policy: String, _ text: String) -> Form {
        Form("New version of \(policy)", submit: "Save", [document(pretty(text), "6,144")])
    }

    static func inline(_ policy: String?, on name: String, _ text: String?) -> Form {
        Form(
            policy.map { "Inline policy \($0)" } ?? "New inline policy of \(name)", submit: "Save",
            (policy == nil ? [self.name(128)] : []) + [document(text.map(pretty) ?? template, "10,240")])
    }

    static func trust(of role: String, _ text: String) -> Form {
        Form("Trust policy of \(role)", submit: "Save", [document(pretty(text), "2,048")])
    }

    static func attach(to name: String) -> Form {
        Form(
            "Attach policy to \(name)", submit: "Attach",
            [
                FormField(
                    "policy", "Policy", hint: "ARN, or the name of one of AWS's policies",
                    placeholder: "AmazonSQSFullAccess", required: true)
            ])
    }

    static func identity(_ kind: IdentityKind) -> Form {
        var fields = [name(kind == .group ? 128 : 64)]
        if kind == .role {
            fields.append(
                FormField(
                    "service", "Trusted service",
                    .choice([
                        "lambda", "states", "events", "scheduler", "pipes", "sns", "apigateway", "ecs-tasks", "account",
                    ]), value: "lambda", hint: "← → choose who may take the role; the trust policy can be edited later")
            )
        }
        return Form("Create \(kind.rawValue)", submit: "Create", fields)
    }

    /// The trust policy of a new role.
    static func trust(for service: String, account: String) -> String {
        let principal: DocumentValue =
            service == "account"
            ? ["AWS": .string("arn:aws:iam::\(account):root")] : ["Service": .string("\(service).amazonaws.com")]
        return JSONWriter.string([
            "Version": "2012-10-17",
            "Statement": [["Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"]],
        ])
    }

    static func pretty(_ text: String) -> String {
        (try? JSONReader.parse(text)).map { JSONWriter.string($0, pretty: true) } ?? text
    }

    /// A policy's ARN from what was typed: names are those of AWS's own.
    static func arn(_ text: String) -> String {
        text.hasPrefix("arn:") ? text : "arn:aws:iam::aws:policy/\(text)"
    }
}
