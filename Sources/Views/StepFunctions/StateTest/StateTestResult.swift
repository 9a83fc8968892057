import AWSModel
import AWSTypes
import TerminalUI

/// How a test ended, with every stage of the data that AWS told.
struct StateTestResult: Sendable {
    var output: SFN.TestStateOutput
    var stages: [DataStage]

    init(_ output: SFN.TestStateOutput) {
        self.output = output
        stages = DataStage.inspected(output)
    }

    var mark: StatusMark {
        switch output.status {
        case "SUCCEEDED": .succeeded
        case "FAILED": .failed
        case "CAUGHT_ERROR": .caught
        case "RETRIABLE": .waiting
        default: .unknown
        }
    }

    /// What happens next, in a sentence.
    var consequence: String? {
        let details = output.inspectionData?.errorDetails
        switch output.status {
        case "RETRIABLE":
            let rule = details?.retryIndex.map { "Retrier \($0 + 1)" } ?? "A retrier"
            let wait = details?.retryBackoffIntervalSeconds.map { " after \(ElapsedTime.span(seconds: $0))" } ?? ""
            return "\(rule) would try again\(wait)"
        case "CAUGHT_ERROR":
            let rule = details?.catchIndex.map { "Catcher \($0 + 1)" } ?? "A catcher"
            return "\(rule) caught it" + (output.nextState.map { " and goes to \($0)" } ?? "")
        case "SUCCEEDED": return output.nextState.map { "Next state: \($0)" } ?? "The workflow would end here"
        case "FAILED": return "Neither Retry nor Catch takes it: the workflow would fail"
        default: return nil
        }
    }

    func lines(width: Int) -> [StyledLine] {
        var lines = [mark.line(output.status ?? "?")]
        if let consequence { lines[0].append(" · \(consequence)", .dim) }
        if let error = output.error {
            lines += TextWrapping.wrap(CauseText.line(error, output.cause).replacingLineEnds, to: max(20, width))
                .prefix(3).map { StyledLine($0, .failure) }
        }
        return lines
    }
}

extension DataStage {
    /// The stages in the order in which AWS works through them, named as the fields that make them.
    static func inspected(_ output: SFN.TestStateOutput) -> [DataStage] {
        var stages: [DataStage] = []
        func add(_ name: String, _ value: String?) {
            if let value { stages.append(DataStage(name: name, value: value)) }
        }
        let data = output.inspectionData
        add("State input", data?.input)
        add("InputPath", data?.afterInputPath)
        add("Arguments", data?.afterArguments)
        add("Parameters", data?.afterParameters)
        add("ItemsPath", data?.afterItemsPath)
        add("ItemsPointer", data?.afterItemsPointer)
        add("ItemSelector", data?.afterItemSelector)
        add("ItemBatcher", data?.afterItemBatcher)
        add("HTTP request", data?.request.map { text(of: $0.document) })
        add("HTTP response", data?.response.map { text(of: $0.document) })
        add("Result", data?.result)
        add("ResultSelector", data?.afterResultSelector)
        add("ResultPath", data?.afterResultPath)
        if let error = output.error {
            let object: DocumentObject = ["Error": .string(error), "Cause": CauseText.value(output.cause ?? "")]
            add("Error", JSONWriter.string(.object(object)))
        }
        add("Variables", data?.variables)
        add("State output", output.output)
        return stages
    }

    private static func text(of document: DocumentObject) -> String { JSONWriter.string(.object(document)) }
}
