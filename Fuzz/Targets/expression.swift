import AWSModel
import JSONata

/// The first line is an expression, the rest a document.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let text = String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
    let parts = text.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
    let document = parts.count > 1 ? try? JSONReader.parse(String(parts[1])) : nil
    guard let expression = try? JSONataExpression(parsing: String(parts[0])) else { return 0 }
    _ = expression.referencedVariables
    for dialect in [JSONataEnvironment.Dialect.standard, .stepFunctions] {
        // Fewer steps than usual, so that more expressions get their turn.
        var environment = JSONataEnvironment(
            now: Instant(iso8601: "2026-11-25T12:00:00Z") ?? .epoch, random: Fixed(), dialect: dialect,
            limits: .init(steps: 200_000))
        if let value = try? expression.evaluate(document, in: &environment) { _ = JSONWriter.string(value) }
    }
    return 0
}

struct Fixed: RandomNumberGenerator {
    var state: UInt64 = 1
    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state
    }
}
