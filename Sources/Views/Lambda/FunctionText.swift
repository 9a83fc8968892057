import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// What the screens of functions write in their own way.
enum FunctionText {
    /// `12.34 ms`, `1.25 s`, `2 min 05 s`.
    static func duration(milliseconds: Double) -> String {
        if milliseconds < 1000 { return "\(AxisTicks.short((milliseconds * 100).rounded() / 100)) ms" }
        if milliseconds >= 60_000 { return ElapsedTime.text(milliseconds: Int64(milliseconds)) }
        let hundredths = Int((milliseconds / 10).rounded())
        let fraction = hundredths % 100
        return "\(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction) s"
    }

    /// AWS: Lambda writes `2026-11-23T14:02:11.000+0000`.
    static func date(lambda text: String?) -> String {
        guard let text, text.count >= 19 else { return text ?? "–" }
        let short = text.prefix(19)
        return short.prefix(10) + " " + short.suffix(8)
    }

    static func isNotFound(_ error: any Error) -> Bool {
        (error as? AWSError)?.code.hasPrefix("ResourceNotFound") ?? false
    }

    /// The mark and word of a function's state; an update under way or failed says more than `Active`.
    static func state(_ function: Lambda.FunctionConfiguration) -> (mark: StatusMark, word: String) {
        switch (function.state, function.lastUpdateStatus) {
        case (_, "InProgress"): (.running, "Updating")
        case (_, "Failed"): (.failed, "Update failed")
        case ("Active", _), (nil, _): (.enabled, "Active")
        case ("Pending", _): (.waiting, "Pending")
        case ("Inactive", _): (.disabled, "Inactive")
        case ("Failed", _): (.failed, "Failed")
        case (.some(let other), _): (.unknown, other)
        }
    }
}
