import AWSTypes
import TerminalUI

/// The form of a Map Run.
enum MapRunForms {
    /// AWS: UpdateMapRun changes concurrency and tolerances of a run that still runs.
    static func update(_ run: SFN.DescribeMapRunOutput) -> Form {
        Form(
            "Update Map Run", submit: "Update",
            [
                FormField(
                    "concurrency", "Concurrency", .number(0...10_000), value: "\(run.maxConcurrency)",
                    hint: "Child executions at a time, 0–10,000; 0 is as many as AWS allows"),
                FormField(
                    "percentage", "Tolerated failures %", .text,
                    value: percentage(run.toleratedFailurePercentage),
                    hint: "0–100 percent of the items may fail before the run does",
                    validate: { text, _ in
                        guard let number = Double(text), (0...100).contains(number) else { return "0 to 100" }
                        return nil
                    }),
                FormField(
                    "count", "Tolerated failures", .number(0...100_000_000), value: "\(run.toleratedFailureCount)",
                    hint: "So many items may fail before the run does; 0 leaves it to the percentage"),
            ])
    }

    static func percentage(_ value: Double) -> String {
        value == value.rounded() ? "\(Int(value))" : "\(value)"
    }

    static func input(_ arn: String, _ values: FormValues) -> SFN.UpdateMapRunInput {
        SFN.UpdateMapRunInput(
            mapRunArn: arn, maxConcurrency: values.integer("concurrency"),
            toleratedFailurePercentage: Double(values["percentage"]), toleratedFailureCount: values.integer("count"))
    }
}
