import AWSClient
import AWSModel
import AWSTypes

/// One answer to "why is it like this?".
struct Reason: Hashable, Sendable {
    /// The rule in a word or two: `Retry wait`, `Not caught`.
    var rule: String
    var text: String
    /// When it will move by itself, in milliseconds since 1970.
    var movesAt: Int64?
    var relatedARN: String?

    init(_ rule: String, _ text: String, movesAt: Int64? = nil, relatedARN: String? = nil) {
        self.rule = rule
        self.text = text
        self.movesAt = movesAt
        self.relatedARN = relatedARN
    }

    init(_ reason: Skua.Reason) {
        rule = reason.rule ?? ""
        text = reason.text ?? ""
        movesAt = reason.movesAt?.epochMilliseconds
        relatedARN = reason.relatedArn
    }

    /// What the engine knows.
    /// - Parameter item: what is asked about within the resource, such as a message's id; nil asks about the resource itself.
    static func explain(_ arn: String, item: String?, _ context: ConsoleContext) async throws(AWSError) -> [Reason] {
        let answer = try await context.aws.call(Skua.explain, .init(resourceArn: arn, item: item))
        return (answer.reasons ?? []).map { Reason($0) }
    }
}
