import AWSModel
import AWSTypes
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

    private static func name(_ member: ModelledMember?) -> FormField {
        FormField("name", "Name", of: member, note: "letters, digits and +=,.@_-")
    }

    /// - Parameter limit: AWS: of characters that are no white space, in all versions alike; the model allows more.
    private static func document(_ text: String, atMost limit: Int) -> FormField {
        FormField(
            "document", "Document", of: ModelledMember(IAM.createPolicy, "PolicyDocument"),
            kind: .multiline(rows: 12, json: true), value: text,
            note: "a JSON policy document, at most \(limit.grouped) without white space", required: true,
            validate: { text, _ in
                let length = text.count { !$0.isWhitespace }
                return length > limit ? "At most \(limit.grouped) without white space, this has \(length.grouped)" : nil
            })
    }

    static func policy() -> Form {
        Form(
            "Create policy", submit: "Create",
            [
                name(ModelledMember(IAM.createPolicy, "PolicyName")),
                FormField(
                    "description", "Description", of: ModelledMember(IAM.createPolicy, "Description"),
                    note: "cannot be changed later"),
                document(template, atMost: 6144),
            ])
    }

    static func version(of policy: String, _ text: String) -> Form {
        Form("New version of \(policy)", submit: "Save", [document(pretty(text), atMost: 6144)])
    }

    static func inline(_ policy: String?, on name: String, _ text: String?) -> Form {
        Form(
            policy.map { "Inline policy \($0)" } ?? "New inline policy of \(name)", submit: "Save",
            (policy == nil ? [self.name(ModelledMember(IAM.putRolePolicy, "PolicyName"))] : []) + [
                document(text.map(pretty) ?? template, atMost: 10_240)
            ])
    }

    static func trust(of role: String, _ text: String) -> Form {
        Form("Trust policy of \(role)", submit: "Save", [document(pretty(text), atMost: 2048)])
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
        let member =
            switch kind {
            case .role: ModelledMember(IAM.createRole, "RoleName")
            case .user: ModelledMember(IAM.createUser, "UserName")
            case .group: ModelledMember(IAM.createGroup, "GroupName")
            }
        var fields = [name(member)]

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
