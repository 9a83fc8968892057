/// The vocabulary of the States Language that completion offers.
enum DefinitionFields {
    static let machine = ["Comment", "StartAt", "States", "QueryLanguage", "TimeoutSeconds", "Version"]
    static let retrier = [
        "ErrorEquals", "IntervalSeconds", "MaxAttempts", "BackoffRate", "MaxDelaySeconds", "JitterStrategy", "Comment",
    ]
    static let catcher = ["ErrorEquals", "Next", "Assign", "Comment"]
    static let rule =
        ["Variable", "Next", "And", "Or", "Not", "Assign", "Comment"]
        + [
            "IsPresent", "IsNull", "IsString", "IsNumeric", "IsBoolean", "IsTimestamp", "BooleanEquals",
            "StringMatches",
        ]
        + ["String", "Numeric", "Timestamp"].flatMap { type in
            ["Equals", "LessThan", "GreaterThan", "LessThanEquals", "GreaterThanEquals"].flatMap {
                ["\(type)\($0)", "\(type)\($0)Path"]
            }
        }

    static let types: [(name: String, what: String)] = [
        ("Task", "does work"), ("Pass", "hands on, or gives a result"), ("Choice", "goes one way of several"),
        ("Wait", "waits"), ("Succeed", "ends well"), ("Fail", "ends with an error"), ("Parallel", "branches at once"),
        ("Map", "the same for each item"),
    ]

    static func state(type: String, isJSONata: Bool) -> [String] {
        let data: [String] = isJSONata ? ["Output"] : ["InputPath", "OutputPath"]
        let ends = ["Next", "End"]
        let handlers = ["Retry", "Catch"]
        let shaping = isJSONata ? ["Arguments"] : ["Parameters", "ResultSelector", "ResultPath"]
        let seconds: (String) -> [String] = { isJSONata ? [$0] : [$0, $0 + "Path"] }
        let common = ["Type", "Comment", "QueryLanguage"]
        switch type {
        case "Task":
            return ["Resource"] + shaping + data + ["Assign"] + seconds("TimeoutSeconds") + seconds("HeartbeatSeconds")
                + ["Credentials"] + handlers + ends + common
        case "Pass":
            return (isJSONata ? [] : ["Result", "Parameters", "ResultPath"]) + data + ["Assign"] + ends + common
        case "Choice": return ["Choices", "Default", "Assign"] + data + common
        case "Wait": return seconds("Seconds") + seconds("Timestamp") + data + ["Assign"] + ends + common
        case "Succeed": return data + common
        case "Fail":
            return ["Error", "Cause"] + (isJSONata ? [] : ["ErrorPath", "CausePath"]) + ["Comment", "Type"]
        case "Parallel": return ["Branches"] + shaping + data + ["Assign"] + handlers + ends + common
        case "Map":
            return ["ItemProcessor"] + (isJSONata ? ["Items"] : ["ItemsPath"]) + ["ItemSelector", "ItemReader"]
                + ["ItemBatcher", "ResultWriter"] + seconds("MaxConcurrency") + seconds("ToleratedFailurePercentage")
                + seconds("ToleratedFailureCount") + ["Label"]
                + (isJSONata ? [] : ["ResultSelector", "ResultPath"]) + data + ["Assign"] + handlers + ends + common
        default: return common + ends + data
        }
    }

    static let errors: [(name: String, what: String)] = [
        ("States.ALL", "any error; alone and last"), ("States.TaskFailed", "any task error but a timeout"),
        ("States.Timeout", "ran too long"), ("States.HeartbeatTimeout", "no heartbeat came"),
        ("States.Permissions", "the role may not"), ("States.DataLimitExceeded", "more than 256 KiB"),
        ("States.QueryEvaluationError", "JSONata failed"), ("States.IntrinsicFailure", "a function failed"),
        ("States.ItemReaderFailed", "distributed Map"), ("States.ResultWriterFailed", "distributed Map"),
        ("States.ExceedToleratedFailureThreshold", "distributed Map"), ("States.Http.StatusCode.429", "HTTP task"),
        ("States.Http.Socket", "HTTP task"), ("Lambda.TooManyRequestsException", "throttled"),
        ("Lambda.ServiceException", "Lambda's fault"), ("Lambda.AWSLambdaException", "Lambda's fault"),
        ("Lambda.SdkClientException", "could not be reached"), ("Lambda.Unknown", "the function crashed"),
    ]

    static let resources: [(name: String, what: String)] = [
        ("arn:aws:states:::lambda:invoke", "a function"),
        ("arn:aws:states:::lambda:invoke.waitForTaskToken", "and wait for its answer"),
        ("arn:aws:states:::sqs:sendMessage", "a message"),
        ("arn:aws:states:::sqs:sendMessage.waitForTaskToken", "and wait for its answer"),
        ("arn:aws:states:::sns:publish", "a notification"),
        ("arn:aws:states:::sns:publish.waitForTaskToken", "and wait for its answer"),
        ("arn:aws:states:::events:putEvents", "an event"),
        ("arn:aws:states:::events:putEvents.waitForTaskToken", "and wait for its answer"),
        ("arn:aws:states:::states:startExecution", "another machine"),
        ("arn:aws:states:::states:startExecution.sync:2", "and wait for its end"),
        ("arn:aws:states:::states:startExecution.waitForTaskToken", "and wait for its answer"),
        ("arn:aws:states:::http:invoke", "an HTTP endpoint"),
        ("arn:aws:states:::dynamodb:getItem", "an item"), ("arn:aws:states:::dynamodb:putItem", "an item"),
        ("arn:aws:states:::aws-sdk:sqs:receiveMessage", "any operation of a service"),
    ]

    static let stores: [(name: String, what: String)] = [
        ("arn:aws:states:::s3:getObject", "items of a file"),
        ("arn:aws:states:::s3:listObjectsV2", "the objects themselves"),
        ("arn:aws:states:::s3:putObject", "results"),
    ]

    static func parameters(of resource: String) -> [String] {
        let parts = resource.split(separator: ":").map(String.init)
        guard let action = parts.last.map({ $0.split(separator: ".")[0] }) else { return [] }
        switch action {
        case "invoke" where parts.contains("lambda"):
            return ["FunctionName", "Payload", "Qualifier", "InvocationType", "ClientContext"].withPaths
        case "invoke":
            return [
                "ApiEndpoint", "Method", "Authentication", "Headers", "QueryParameters", "RequestBody", "Transform",
            ]
            .withPaths
        case "sendMessage":
            return [
                "QueueUrl", "MessageBody", "DelaySeconds", "MessageAttributes", "MessageGroupId",
                "MessageDeduplicationId",
            ]
            .withPaths
        case "publish": return ["TopicArn", "Message", "Subject", "MessageAttributes", "MessageGroupId"].withPaths
        case "putEvents": return ["Entries"].withPaths
        case "startExecution", "2": return ["StateMachineArn", "Input", "Name"].withPaths
        case "getObject", "putObject": return ["Bucket", "Key", "Prefix"].withPaths
        case "listObjectsV2": return ["Bucket", "Prefix"].withPaths
        default: return []
        }
    }

    static let context: [(name: String, what: String)] = [
        ("$", "the whole input"), ("$.", "a field of the input"), ("$$.Execution.Id", "context"),
        ("$$.Execution.Name", "context"), ("$$.Execution.Input", "context"), ("$$.Execution.StartTime", "context"),
        ("$$.Execution.RoleArn", "context"), ("$$.Execution.RedriveCount", "context"), ("$$.State.Name", "context"),
        ("$$.State.EnteredTime", "context"), ("$$.State.RetryCount", "context"), ("$$.StateMachine.Id", "context"),
        ("$$.StateMachine.Name", "context"), ("$$.Task.Token", "context"), ("$$.Map.Item.Value", "context"),
        ("$$.Map.Item.Index", "context"),
    ]

    static let intrinsics = [
        "States.Format", "States.StringToJson", "States.JsonToString", "States.Array", "States.ArrayPartition",
        "States.ArrayContains", "States.ArrayRange", "States.ArrayGetItem", "States.ArrayLength", "States.ArrayUnique",
        "States.Base64Encode", "States.Base64Decode", "States.Hash", "States.JsonMerge", "States.MathRandom",
        "States.MathAdd", "States.StringSplit", "States.UUID",
    ]

    static let jsonata: [(name: String, what: String)] = [
        ("$states.input", "the state's input"), ("$states.result", "what the task gave"),
        ("$states.errorOutput", "in Catch"), ("$states.context.Execution.Id", "context"),
        ("$states.context.Execution.Input", "context"), ("$states.context.State.EnteredTime", "context"),
        ("$states.context.Task.Token", "context"), ("$states.context.Map.Item.Value", "context"),
        ("$states.context.Map.Item.Index", "context"), ("$uuid()", "function"), ("$now()", "function"),
        ("$random()", "function"), ("$partition(, 10)", "function"), ("$range(1, 10, 1)", "function"),
        ("$hash(, 'SHA-256')", "function"), ("$parse()", "function"),
    ]
}

extension [String] {
    /// Each name, and the one whose value is a path.
    fileprivate var withPaths: [String] { self + map { $0 + ".$" } }
}
