import AWSModel

/// What a service's operations need, told in data: which actions, on which resource, and how a denial reads.
struct ServiceActions: Sendable {
    /// Where the ARN of an operation's resource comes from.
    enum ResourceRule: Sendable {
        /// The first of these members that is there; `*` where none is.
        case members([Member])
        case any
    }

    struct Member: Sendable {
        enum Form: Sendable {
            case arn
            case queueURL
            /// A function's name, partial ARN or ARN; `Qualifier` is added.
            case function
            /// The name after `type/` or `type:`, which the text holds with its separator.
            case name(String)
            /// The same without region, as IAM's are.
            case globalName(String)
            /// `arn:aws:s3:::bucket`, and `/key` where the request has one.
            case bucket
            case object
            case logGroup
            /// The name within the list's first entry; another where it gives none.
            case firstEntry(String, type: String, otherwise: String)
        }
        var name: String
        var form: Form
    }

    enum Denial: Sendable {
        /// AccessDeniedException, HTTP 400 (JSON protocols) or 403 (REST).
        case exception(status: Int)
        /// AccessDenied, 403: IAM, STS, SQS, S3, CloudWatch.
        case accessDenied
        /// AuthorizationError, 403: SNS.
        case authorizationError
    }

    /// As in `sqs:SendMessage`.
    var prefix: String
    /// Operations whose action has another name.
    var renames: [String: [String]] = [:]
    var resources: [Member] = []
    /// Operations about something else than the service's usual members say.
    var overrides: [String: ResourceRule] = [:]
    /// Operations that anybody may call.
    var free: Set<String> = []
    /// Members that name a role handed on: they need iam:PassRole.
    var passedRoles: [String: [String]] = [:]
    var denial: Denial

    /// How AWS writes the action in its denials: SQS in small letters, SNS in capitals.
    func spoken(_ action: String) -> String {
        switch prefix {
        case "sqs": action.lowercased()
        case "sns": action.replacing("sns:", with: "SNS:", maxReplacements: 1)
        default: action
        }
    }

    static func of(_ service: ServiceID) -> ServiceActions? { all[service.rawValue] }

    /// The same without copying: calls of an account's own root user ask it before anything else.
    final class Shared: Sendable {
        let actions: ServiceActions
        init(_ actions: ServiceActions) { self.actions = actions }
    }

    static let shared: [ServiceID: Shared] = Dictionary(
        uniqueKeysWithValues: all.map { (ServiceID(rawValue: $0.key), Shared($0.value)) })

    private static let all: [String: ServiceActions] = [
        "sqs": ServiceActions(
            prefix: "sqs",
            renames: [
                "SendMessageBatch": ["sqs:SendMessage"], "DeleteMessageBatch": ["sqs:DeleteMessage"],
                "ChangeMessageVisibilityBatch": ["sqs:ChangeMessageVisibility"],
            ],
            resources: [
                Member(name: "QueueUrl", form: .queueURL), Member(name: "QueueName", form: .name("")),
                Member(name: "SourceArn", form: .arn),
            ], denial: .accessDenied),
        "sns": ServiceActions(
            prefix: "sns", renames: ["PublishBatch": ["sns:Publish"]],
            resources: [
                Member(name: "TopicArn", form: .arn), Member(name: "TargetArn", form: .arn),
                Member(name: "SubscriptionArn", form: .arn), Member(name: "ResourceArn", form: .arn),
                Member(name: "PlatformApplicationArn", form: .arn), Member(name: "EndpointArn", form: .arn),
                Member(name: "PhoneNumber", form: .arn), Member(name: "Name", form: .name("")),
            ], denial: .authorizationError),
        "lambda": ServiceActions(
            prefix: "lambda",
            renames: [
                "Invoke": ["lambda:InvokeFunction"], "InvokeAsync": ["lambda:InvokeFunction"],
                "InvokeWithResponseStream": ["lambda:InvokeFunction"],
            ],
            resources: [
                Member(name: "FunctionName", form: .function), Member(name: "Resource", form: .arn),
                Member(name: "LayerName", form: .name("layer:")),
                Member(name: "CodeSigningConfigArn", form: .arn),
                Member(name: "UUID", form: .name("event-source-mapping:")),
            ],
            overrides: ["ListFunctions": .any, "CreateEventSourceMapping": .any, "GetAccountSettings": .any],
            passedRoles: ["CreateFunction": ["Role"], "UpdateFunctionConfiguration": ["Role"]],
            denial: .exception(status: 403)),
        "stepfunctions": ServiceActions(
            prefix: "states",
            resources: [
                Member(name: "stateMachineArn", form: .arn), Member(name: "executionArn", form: .arn),
                Member(name: "activityArn", form: .arn), Member(name: "stateMachineVersionArn", form: .arn),
                Member(name: "stateMachineAliasArn", form: .arn), Member(name: "mapRunArn", form: .arn),
                Member(name: "resourceArn", form: .arn), Member(name: "name", form: .name("stateMachine:")),
            ],
            overrides: [
                "CreateActivity": .members([Member(name: "name", form: .name("activity:"))]), "ListStateMachines": .any,
                "ListActivities": .any, "ValidateStateMachineDefinition": .any,
            ],
            passedRoles: ["CreateStateMachine": ["roleArn"], "UpdateStateMachine": ["roleArn"]],
            denial: .exception(status: 400)),
        "logs": ServiceActions(
            prefix: "logs",
            resources: [
                Member(name: "logGroupName", form: .logGroup), Member(name: "logGroupIdentifier", form: .logGroup),
                Member(name: "resourceArn", form: .arn), Member(name: "logGroupNamePrefix", form: .logGroup),
            ], denial: .exception(status: 400)),
        "cloudwatch": ServiceActions(
            prefix: "cloudwatch",
            resources: [
                Member(name: "AlarmName", form: .name("alarm:")), Member(name: "ResourceARN", form: .arn),
                Member(name: "DashboardName", form: .globalName("dashboard/")),
            ], overrides: ["PutMetricData": .any], denial: .accessDenied),
        "events": ServiceActions(
            prefix: "events", renames: [:],
            resources: [
                Member(name: "ResourceARN", form: .arn), Member(name: "EventSourceArn", form: .arn),
                Member(name: "Rule", form: .name("rule/")), Member(name: "Name", form: .name("rule/")),
            ],
            overrides: [
                "PutEvents": .members([
                    Member(
                        name: "Entries", form: .firstEntry("EventBusName", type: "event-bus/", otherwise: "default"))
                ]),
                "CreateEventBus": .members([Member(name: "Name", form: .name("event-bus/"))]),
                "DeleteEventBus": .members([Member(name: "Name", form: .name("event-bus/"))]),
                "DescribeEventBus": .members([Member(name: "Name", form: .name("event-bus/"))]),
                "CreateArchive": .members([Member(name: "ArchiveName", form: .name("archive/"))]),
                "TestEventPattern": .any,
            ], denial: .exception(status: 400)),
        "scheduler": ServiceActions(
            prefix: "scheduler",
            resources: [
                Member(name: "ResourceArn", form: .arn), Member(name: "Name", form: .name("schedule/default/")),
            ],
            passedRoles: ["CreateSchedule": ["Target", "RoleArn"], "UpdateSchedule": ["Target", "RoleArn"]],
            denial: .exception(status: 403)),
        "pipes": ServiceActions(
            prefix: "pipes",
            resources: [Member(name: "resourceArn", form: .arn), Member(name: "Name", form: .name("pipe/"))],
            passedRoles: ["CreatePipe": ["RoleArn"], "UpdatePipe": ["RoleArn"]], denial: .exception(status: 403)),
        "s3": ServiceActions(
            prefix: "s3",
            renames: [
                "ListObjects": ["s3:ListBucket"], "ListObjectsV2": ["s3:ListBucket"], "HeadBucket": ["s3:ListBucket"],
                "HeadObject": ["s3:GetObject"], "ListBuckets": ["s3:ListAllMyBuckets"],
                "DeleteObjects": ["s3:DeleteObject"], "CopyObject": ["s3:PutObject"],
                "CreateMultipartUpload": ["s3:PutObject"], "UploadPart": ["s3:PutObject"],
                "CompleteMultipartUpload": ["s3:PutObject"], "ListParts": ["s3:ListMultipartUploadParts"],
                "ListMultipartUploads": ["s3:ListBucketMultipartUploads"],
                "ListObjectVersions": ["s3:ListBucketVersions"],
                "GetBucketNotificationConfiguration": ["s3:GetBucketNotification"],
                "PutBucketNotificationConfiguration": ["s3:PutBucketNotification"],
                "GetBucketCors": ["s3:GetBucketCORS"], "PutBucketCors": ["s3:PutBucketCORS"],
            ],
            resources: [Member(name: "Key", form: .object), Member(name: "Bucket", form: .bucket)],
            denial: .accessDenied),
        "iam": ServiceActions(
            prefix: "iam",
            resources: [
                Member(name: "PolicyArn", form: .arn), Member(name: "RoleName", form: .globalName("role/")),
                Member(name: "UserName", form: .globalName("user/")),
                Member(name: "GroupName", form: .globalName("group/")),
                Member(name: "InstanceProfileName", form: .globalName("instance-profile/")),
                Member(name: "PolicyName", form: .globalName("policy/")),
                Member(name: "ServerCertificateName", form: .globalName("server-certificate/")),
                Member(name: "OpenIDConnectProviderArn", form: .arn), Member(name: "SAMLProviderArn", form: .arn),
                Member(name: "PolicySourceArn", form: .arn),
            ],
            overrides: Dictionary(
                uniqueKeysWithValues: ["AttachRolePolicy", "DetachRolePolicy"].map {
                    ($0, .members([Member(name: "RoleName", form: .globalName("role/"))]))
                }
                    + ["AttachUserPolicy", "DetachUserPolicy"].map {
                        ($0, .members([Member(name: "UserName", form: .globalName("user/"))]))
                    }
                    + ["AttachGroupPolicy", "DetachGroupPolicy"].map {
                        ($0, .members([Member(name: "GroupName", form: .globalName("group/"))]))
                    }),
            denial: .accessDenied),
        "sts": ServiceActions(
            prefix: "sts", resources: [Member(name: "RoleArn", form: .arn)],
            // AssumeRole is judged where the trust policy is at hand; the others need no permission.
            free: [
                "GetCallerIdentity", "GetSessionToken", "GetAccessKeyInfo", "AssumeRole", "AssumeRoleWithSAML",
                "AssumeRoleWithWebIdentity",
            ], denial: .accessDenied),
    ]
}

extension ServiceActions {
    /// The actions an operation needs.
    func actions(of operation: String) -> [String] { renames[operation] ?? ["\(prefix):\(operation)"] }

    private func members(of operation: String) -> [Member] {
        switch overrides[operation] {
        case .any?: []
        case .members(let members)?: members
        case nil: resources
        }
    }

    /// The ARN of what an operation is about; `*` where it is about nothing in particular.
    func resource(of operation: String, _ input: DocumentObject, _ scope: Scope) -> String {
        for member in members(of: operation) {
            if case .firstEntry(let name, let type, let otherwise) = member.form {
                let text = input[member.name]?[0]?[name]?.string ?? ""
                return arn(text.isEmpty ? otherwise : text, .name(type), input, scope)
            }
            if let text = input[member.name]?.string, !text.isEmpty { return arn(text, member.form, input, scope) }
        }
        return "*"
    }

    /// Whether the request names nothing of another account, told without building anything.
    func isOwn(_ operation: String, _ input: DocumentObject, _ account: String) -> Bool {
        if overrides.isEmpty { return Self.isOwn(resources, input, account) }
        return Self.isOwn(members(of: operation), input, account)
    }

    private static func isOwn(_ members: [Member], _ input: DocumentObject, _ account: String) -> Bool {
        for member in members {
            if case .firstEntry(let name, _, _) = member.form {
                let text = input[member.name]?[0]?[name]?.string ?? ""
                return !text.utf8.starts(with: "arn:".utf8) || holds(text, account)
            }
            guard let text = input[member.name]?.string else { continue }
            switch member.form {
            case .arn, .function:
                return !text.utf8.starts(with: "arn:".utf8) || holds(text, account) || holds(text, ":::")
            case .queueURL: return holds(text, account) || !text.utf8.contains(UInt8(ascii: "/"))
            default: return true
            }
        }
        return true
    }

    /// Whether a text holds another, byte by byte: this runs before every call.
    private static func holds(_ text: String, _ part: String) -> Bool {
        var text = text
        var part = part
        return text.withUTF8 { text in
            part.withUTF8 { part in
                guard let first = part.first, text.count >= part.count else { return part.isEmpty }
                for start in 0...(text.count - part.count) where text[start] == first {
                    var index = 1
                    while index < part.count, text[start + index] == part[index] { index += 1 }
                    if index == part.count { return true }
                }
                return false
            }
        }
    }

    private func arn(_ text: String, _ form: Member.Form, _ input: DocumentObject, _ scope: Scope) -> String {
        switch form {
        case .arn: return text
        case .queueURL:
            guard let name = QueueName(url: text, caller: scope) else { return text }
            return name.scope.arn("sqs", name.name)
        case .function:
            let qualifier = input.string("Qualifier")
            return (try? FunctionReference(text, qualifier: qualifier, from: scope).arn)
                ?? scope.arn("lambda", "function:\(text)")
        case .name(let type): return text.hasPrefix("arn:") ? text : scope.arn(prefix, type + text)
        case .globalName(let type):
            if text.hasPrefix("arn:") { return text }
            return "arn:\(scope.partition):\(prefix)::\(scope.accountID):\(type)\(text)"
        case .bucket: return text.hasPrefix("arn:") ? text : "arn:\(scope.partition):s3:::\(text)"
        case .object: return "arn:\(scope.partition):s3:::\(input.string("Bucket") ?? "")/\(text)"
        case .logGroup: return text.hasPrefix("arn:") ? text : scope.arn("logs", "log-group:\(text):*")
        case .firstEntry: return text
        }
    }
}
