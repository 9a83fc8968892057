import AWSModel
import TerminalUI

/// The forms of this service.
enum StateMachineForms {
    /// AWS: names of machines and executions are 1–80 characters without blanks, brackets, wildcards and a few others.
    static func nameProblem(_ name: String) -> String? {
        if name.count > 80 { return "At most 80 characters, this has \(name.count)" }
        let wrong = name.first { $0.isWhitespace || "<>{}[]?*\"#%\\^|~`$&,;:/".contains($0) }
        return wrong.map { "'\($0)' is not allowed in a name" }
    }

    static func start(machine: String, input: String) -> Form {
        let pretty = (try? JSONReader.parse(input)).map { JSONWriter.string($0, pretty: true) } ?? input
        return Form(
            "Start execution of \(machine)", submit: "Start",
            [
                FormField(
                    "name", "Name", .text, hint: "1–80 characters, unique for 90 days; empty lets AWS choose",
                    placeholder: "chosen by AWS", validate: { text, _ in nameProblem(text) }),
                FormField(
                    "input", "Input", .multiline(rows: 10, json: true), value: pretty,
                    hint: "JSON, at most 256 KiB; default {}",
                    validate: { text, _ in
                        text.utf8.count > 262_144 ? "At most 262,144 bytes, this has \(text.utf8.count.grouped)" : nil
                    }),
            ])
    }

    static let starters = ["Hello world", "Task with retry and catch", "Choice", "Parallel", "Map"]

    static func create(roles: [String]) -> Form {
        Form(
            "Create state machine", submit: "Edit definition",
            [
                FormField(
                    "name", "Name", .text, hint: "1–80 characters", required: true,
                    validate: { text, _ in nameProblem(text) }),
                FormField(
                    "type", "Type", .choice(["STANDARD", "EXPRESS"]), value: "STANDARD",
                    hint: "Express: at most 5 minutes, no history"),
                FormField(
                    "role", "Role ARN", .text, value: roles.first ?? "", hint: "The role its tasks act in",
                    required: true,
                    validate: { text, _ in
                        ARN(text)?.service == "iam" ? nil : "An IAM role's ARN: arn:aws:iam::000000000000:role/name"
                    }),
                FormField(
                    "starter", "Start from", .choice(starters), value: starters[0], hint: "A definition to begin with"),
            ])
    }

    /// A small definition of each kind, valid as it stands.
    static func definition(_ starter: String) -> String {
        let body: DocumentObject =
            switch starter {
            case "Task with retry and catch":
                [
                    "StartAt": "Call",
                    "States": [
                        "Call": [
                            "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke",
                            "Parameters": ["FunctionName": "my-function", "Payload.$": "$"], "OutputPath": "$.Payload",
                            "Retry": [
                                [
                                    "ErrorEquals": ["States.TaskFailed"], "IntervalSeconds": 2, "MaxAttempts": 3,
                                    "BackoffRate": 2.0,
                                ]
                            ],
                            "Catch": [["ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "Give up"]],
                            "Next": "Done",
                        ],
                        "Give up": ["Type": "Fail", "Error": "CallFailed", "Cause": "The function kept failing"],
                        "Done": ["Type": "Succeed"],
                    ],
                ]
            case "Choice":
                [
                    "StartAt": "Is it large?",
                    "States": [
                        "Is it large?": [
                            "Type": "Choice",
                            "Choices": [["Variable": "$.total", "NumericGreaterThan": 100, "Next": "Large"]],
                            "Default": "Small",
                        ],
                        "Large": ["Type": "Pass", "End": true], "Small": ["Type": "Pass", "End": true],
                    ],
                ]
            case "Parallel":
                [
                    "StartAt": "Both",
                    "States": [
                        "Both": [
                            "Type": "Parallel",
                            "Branches": [
                                ["StartAt": "One", "States": ["One": ["Type": "Pass", "End": true]]],
                                ["StartAt": "Two", "States": ["Two": ["Type": "Wait", "Seconds": 2, "End": true]]],
                            ], "End": true,
                        ]
                    ],
                ]
            case "Map":
                [
                    "StartAt": "Each item",
                    "States": [
                        "Each item": [
                            "Type": "Map", "ItemsPath": "$.items",
                            "ItemProcessor": [
                                "ProcessorConfig": ["Mode": "INLINE"], "StartAt": "Work",
                                "States": ["Work": ["Type": "Pass", "End": true]],
                            ],
                            "End": true,
                        ]
                    ],
                ]
            default: ["StartAt": "Hello", "States": ["Hello": ["Type": "Pass", "Result": "Hello world", "End": true]]]
            }
        return JSONWriter.string(.object(body), pretty: true)
    }
}
