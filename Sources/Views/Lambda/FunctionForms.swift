import AWSModel
import AWSTypes
import TerminalUI

/// Forms of functions, with AWS's ranges and defaults.
enum FunctionForms {
    /// AWS: `[a-zA-Z0-9-_]+`, 64 characters.
    static func nameProblem(_ name: String) -> String? {
        if name.count > 64 { return "At most 64 characters, this has \(name.count)" }
        return name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") }
            ? nil : "Letters, digits, - and _ only"
    }

    static func roleProblem(_ text: String) -> String? {
        guard let arn = ARN(text), arn.service == "iam", arn.resource.hasPrefix("role/") else {
            return "An IAM role's ARN: arn:aws:iam::000000000000:role/NAME"
        }
        return nil
    }

    static func arnProblem(_ text: String, services: [String]) -> String? {
        guard let arn = ARN(text) else { return "An ARN is needed: arn:aws:SERVICE:REGION:ACCOUNT:NAME" }
        return services.contains(arn.service) ? nil : "An ARN of \(services.joined(separator: ", ")) is needed"
    }

    /// `roles` are offered where there are any; another ARN can always be typed.
    static func create(roles: [String]) -> Form {
        Form(
            "Create function", submit: "Create",
            [
                FormField(
                    "name", "Function name", hint: "1–64 letters, digits, - and _", required: true,
                    validate: { text, _ in nameProblem(text) }),
                FormField("runtime", "Runtime", .choice(StarterCode.runtimes), value: "python3.13", hint: "← → choose"),
                FormField(
                    "handler", "Handler", of: ModelledMember(Lambda.createFunction, "Handler"), value: "app.handler",
                    note: "FILE.FUNCTION, default app.handler",
                    required: true,
                    validate: { text, _ in
                        text.contains(".") && !text.contains(" ") ? nil : "FILE.FUNCTION, such as app.handler"
                    }),
                FormField(
                    "role", "Execution role", value: roles.first ?? "", hint: "ARN of the role the function acts in",
                    placeholder: "arn:aws:iam::000000000000:role/NAME", required: true,
                    validate: { text, _ in roleProblem(text) }),
                FormField(
                    "memory", "Memory", .number(128...10_240), value: "128",
                    hint: "128–10,240 MB, default 128; more memory is more CPU", required: true),
                FormField(
                    "timeout", "Timeout", .number(1...900), value: "3", hint: "1–900 s, default 3", required: true),
                FormField(
                    "code", "Code", .multiline(rows: 6, json: false),
                    hint: "The handler's file; empty starts with an echo"),
            ])
    }

    static func createRequest(_ values: FormValues) -> Lambda.CreateFunctionRequest {
        let runtime = values["runtime"]
        let handler = values["handler"]
        let code = values.optional("code") ?? StarterCode.text(runtime: runtime, handler: handler)
        let file = StoredArchive.File(path: StarterCode.fileName(runtime: runtime, handler: handler), text: code)
        return Lambda.CreateFunctionRequest(
            functionName: values["name"], runtime: runtime, role: values["role"], handler: handler,
            code: Lambda.FunctionCode(zipFile: StoredArchive.bytes(of: [file])), timeout: values.integer("timeout"),
            memorySize: values.integer("memory"))
    }

    static func general(_ function: Lambda.FunctionConfiguration) -> Form {
        Form(
            "General configuration", submit: "Save",
            [
                FormField(
                    "description", "Description",
                    of: ModelledMember(Lambda.updateFunctionConfiguration, "Description"),
                    value: function.description ?? ""),
                FormField(
                    "runtime", "Runtime", value: function.runtime ?? "",
                    hint: "An identifier such as \(StarterCode.runtimes.joined(separator: ", "))", required: true),
                FormField(
                    "handler", "Handler", of: ModelledMember(Lambda.updateFunctionConfiguration, "Handler"),
                    value: function.handler ?? "", note: "FILE.FUNCTION", required: true),
                FormField(
                    "memory", "Memory", .number(128...10_240), value: String(function.memorySize ?? 128),
                    hint: "128–10,240 MB, default 128; more memory is more CPU", required: true),
                FormField(
                    "timeout", "Timeout", .number(1...900), value: String(function.timeout ?? 3),
                    hint: "1–900 s, default 3", required: true),
                FormField(
                    "storage", "Ephemeral storage", .number(512...10_240),
                    value: String(function.ephemeralStorage?.size ?? 512), hint: "512–10,240 MB of /tmp, default 512",
                    required: true),
                FormField(
                    "role", "Execution role", value: function.role ?? "", hint: "ARN of the role the function acts in",
                    required: true, validate: { text, _ in roleProblem(text) }),
            ])
    }

    static func addTrigger(queue: String?) -> Form {
        Form(
            "Add SQS trigger", submit: "Add",
            [
                FormField(
                    "queue", "Queue ARN", value: queue ?? "", hint: "arn:aws:sqs:REGION:ACCOUNT:NAME", required: true,
                    validate: { text, _ in
                        arnProblem(text, services: ["sqs"])
                    }),
                FormField(
                    "batch", "Batch size", .number(1...10_000), value: "10",
                    hint: "1–10,000 messages, default 10; FIFO at most 10", required: true,
                    validate: { text, values in
                        (Int(text) ?? 0) > 10 && values["queue"].hasSuffix(".fifo")
                            ? "At most 10 for a FIFO queue" : nil
                    }),
                FormField(
                    "window", "Batch window", .number(0...300), value: "0",
                    hint: "0–300 s, default 0; at least 1 for batches over 10", required: true,
                    validate: { text, values in
                        if values["queue"].hasSuffix(".fifo") {
                            return text == "0" ? nil : "A FIFO queue takes no batch window"
                        }
                        return (values.integer("batch") ?? 0) > 10 && text == "0"
                            ? "Batches over 10 need a window of at least 1 s" : nil
                    }),
                FormField(
                    "concurrency", "Maximum concurrency", .number(2...1000),
                    hint: "2–1,000; empty for no limit of its own"),
                FormField(
                    "partial", "Report batch item failures", .toggle,
                    hint: "Only the messages the function names return to the queue"),
                FormField(
                    "filter", "Filter pattern", .multiline(rows: 3, json: true),
                    hint: "JSON event pattern on the message, such as {\"body\": {\"kind\": [\"order\"]}}"),
                FormField("enabled", "Enabled", .toggle, value: "true", hint: "Starts polling at once"),
            ])
    }

    static func editTrigger(_ mapping: Lambda.EventSourceMappingConfiguration) -> Form {
        let source = ResourceName(mapping.eventSourceArn ?? "").name
        return Form(
            "Trigger \(source)", submit: "Save",
            [
                FormField(
                    "batch", "Batch size", .number(1...10_000), value: String(mapping.batchSize ?? 10),
                    hint: "1–10,000 records, default 10 for SQS and 100 for streams", required: true),
                FormField(
                    "window", "Batch window", .number(0...300),
                    value: String(mapping.maximumBatchingWindowInSeconds ?? 0), hint: "0–300 s, default 0",
                    required: true),
                FormField(
                    "concurrency", "Maximum concurrency", .number(2...1000),
                    value: mapping.scalingConfig?.maximumConcurrency.map(String.init) ?? "",
                    hint: "2–1,000; empty for no limit of its own"),
                FormField(
                    "partial", "Report batch item failures", .toggle,
                    value: String(mapping.functionResponseTypes?.contains("ReportBatchItemFailures") ?? false),
                    hint: "Only the messages the function names return to the queue"),
                FormField(
                    "filter", "Filter pattern", .multiline(rows: 3, json: true),
                    value: mapping.filterCriteria?.filters?.first?.pattern ?? "",
                    hint: "JSON event pattern; empty for all records"),
                FormField("enabled", "Enabled", .toggle, value: String(mapping.state?.hasPrefix("Enabl") ?? true)),
            ])
    }

    static func concurrency(_ reserved: Int?) -> Form {
        Form(
            "Reserved concurrency", submit: "Save",
            [
                FormField(
                    "reserved", "Reserved concurrency", .number(0...1000), value: reserved.map(String.init) ?? "",
                    hint: "0 stops the function; AWS keeps 100 of the account's 1,000 unreserved", required: true)
            ])
    }

    /// `qualifier` is the alias or version whose number is changed; nil to choose one.
    static func provisioned(_ qualifier: String?, requested: Int?, choices: [String]) -> Form {
        var fields = [
            FormField(
                "provisioned", "Environments",
                of: ModelledMember(Lambda.putProvisionedConcurrencyConfig, "ProvisionedConcurrentExecutions"),
                value: requested.map(String.init) ?? "1", note: "kept ready, so that no invocation starts cold")
        ]
        if qualifier == nil {
            fields.insert(
                FormField(
                    "qualifier", "Alias or version", .choice(choices), value: choices.first ?? "",
                    hint: "$LATEST cannot have provisioned concurrency"), at: 0)
        }
        return Form(
            qualifier.map { "Provisioned concurrency of \($0)" } ?? "Provision concurrency", submit: "Save", fields)
    }

    static func asynchronous(_ config: Lambda.FunctionEventInvokeConfig?, deadLetter: String?) -> Form {
        let services = ["sqs", "sns", "lambda", "events", "s3"]
        return Form(
            "Asynchronous invocation", submit: "Save",
            [
                FormField(
                    "attempts", "Retry attempts", .number(0...2), value: String(config?.maximumRetryAttempts ?? 2),
                    hint: "0–2, default 2", required: true),
                FormField(
                    "age", "Maximum event age", .number(60...21_600),
                    value: String(config?.maximumEventAgeInSeconds ?? 21_600),
                    hint: "60–21,600 s, default 21,600 (6 h)", required: true),
                FormField(
                    "success", "On success", value: config?.destinationConfig?.onSuccess?.destination ?? "",
                    hint: "ARN of a queue, topic, function or bus; empty for none",
                    validate: { text, _ in arnProblem(text, services: services) }),
                FormField(
                    "failure", "On failure", value: config?.destinationConfig?.onFailure?.destination ?? "",
                    hint: "ARN of a queue, topic, function, bus or bucket; empty for none",
                    validate: { text, _ in arnProblem(text, services: services) }),
                FormField(
                    "deadLetter", "Dead-letter queue", value: deadLetter ?? "",
                    hint: "ARN of an SQS queue or SNS topic; empty for none",
                    validate: { text, _ in arnProblem(text, services: ["sqs", "sns"]) }),
            ])
    }

    static func pair(_ title: String, name: String = "", value: String = "", isVariable: Bool, isNew: Bool) -> Form {
        Form(
            title, submit: "Save",
            [
                FormField(
                    "name", "Name", value: name,
                    hint: isVariable
                        ? "A letter, then letters, digits and _; AWS_ names are Lambda's" : "1–128 characters",
                    required: true,
                    validate: { text, _ in
                        guard isVariable else {
                            return text.count > 128
                                ? "At most 128 characters"
                                : text.hasPrefix("aws:") ? "Names that start with aws: are AWS's" : nil
                        }
                        let good = text.first.map { $0.isASCII && $0.isLetter } ?? false
                        return good && text.count > 1
                            && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
                            ? nil : "At least two characters: a letter, then letters, digits and _"
                    }),
                FormField(
                    "value", "Value", .multiline(rows: 4, json: false), value: value,
                    hint: isVariable ? "All variables together up to 4 KB" : "Up to 256 characters"),
            ])
    }

    static func permission() -> Form {
        Form(
            "Add permission", submit: "Add",
            [
                FormField(
                    "sid", "Statement id", of: ModelledMember(Lambda.addPermission, "StatementId"),
                    note: "letters, digits, - and _"),
                FormField(
                    "principal", "Principal", of: ModelledMember(Lambda.addPermission, "Principal"),
                    value: "sns.amazonaws.com", note: "a service such as events.amazonaws.com, an account or *"),
                FormField(
                    "action", "Action", of: ModelledMember(Lambda.addPermission, "Action"),
                    value: "lambda:InvokeFunction", note: "lambda:OPERATION or lambda:*"),
                FormField(
                    "source", "Source ARN", hint: "Only calls for this resource; empty for any",
                    validate: { text, _ in
                        ARN(text) == nil ? "An ARN is needed" : nil
                    }),
            ])
    }

    static func layer(known: [String]) -> Form {
        Form(
            "Add layer", submit: "Add",
            [
                FormField(
                    "arn", "Layer version ARN", value: known.first ?? "",
                    hint: "arn:aws:lambda:REGION:ACCOUNT:layer:NAME:VERSION; at most 5 layers", required: true,
                    validate: { text, _ in
                        guard let arn = ARN(text), arn.service == "lambda", arn.resource.hasPrefix("layer:"),
                            arn.resource.split(separator: ":").count == 3
                        else {
                            return "arn:aws:lambda:REGION:ACCOUNT:layer:NAME:VERSION"
                        }
                        return nil
                    })
            ])
    }

    /// `versions` are published ones, newest first.
    static func alias(_ alias: Lambda.AliasConfiguration?, versions: [String]) -> Form {
        let second = alias?.routingConfig?.additionalVersionWeights?.first
        var fields = [
            FormField(
                "version", "Version", .choice(["$LATEST"] + versions),
                value: alias?.functionVersion ?? versions.first ?? "$LATEST", hint: "The version it points to"),
            FormField(
                "description", "Description", of: ModelledMember(Lambda.createAlias, "Description"),
                value: alias?.description ?? ""),
            FormField(
                "second", "Second version", .choice(["none"] + versions), value: second?.key ?? "none",
                hint: "Shares the traffic; both must be published",
                validate: { text, values in
                    if text == "none" { return nil }
                    if values["version"] == "$LATEST" { return "An alias to $LATEST cannot share traffic" }
                    return text == values["version"] ? "Must differ from the first version" : nil
                }),
            FormField(
                "weight", "Share of the second", .number(0...100),
                value: second.map { String(Int(($0.value * 100).rounded())) } ?? "10",
                hint: "0–100 %; the rest goes to the first", visible: { $0["second"] != "none" }),
        ]
        if alias == nil {
            fields.insert(
                FormField(
                    "name", "Alias name", of: ModelledMember(Lambda.createAlias, "Name"),
                    note: "letters, digits, - and _, not only digits"), at: 0)
        }
        return Form(
            alias?.name.map { "Alias \($0)" } ?? "Create alias", submit: alias == nil ? "Create" : "Save", fields)
    }

    static func publish() -> Form {
        Form(
            "Publish version", submit: "Publish",
            [
                FormField(
                    "description", "Description", of: ModelledMember(Lambda.publishVersion, "Description"),
                    note: "a version of code and configuration that never changes")
            ])
    }
}
