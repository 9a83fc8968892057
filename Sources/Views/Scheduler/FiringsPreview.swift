import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// When an expression fires next: the list beside the form that asks for it.
struct FiringsPreview: Sendable, Hashable {
    struct Query: Sendable, Hashable {
        var expression: String
        var zone: String?
        var start: Instant?
        var end: Instant?
        /// `rule` or `schedule`: their expressions differ a little.
        var kind: String
    }

    struct Answer: Sendable, Hashable {
        var times: [Instant]
        var problem: String?
        var hasEngine = true
    }

    static let count = 10

    private(set) var answer: Answer?

    mutating func set(_ new: Answer) { answer = new }
    mutating func clear() { answer = nil }

    static func read(_ query: Query, _ context: ConsoleContext) async -> Answer {
        guard context.capabilities.hasEngine else { return Answer(times: [], hasEngine: false) }
        do throws(AWSError) {
            let times = try await context.aws.call(
                Skua.previewSchedule,
                .init(
                    expression: query.expression, timezone: query.zone, startDate: query.start, endDate: query.end,
                    kind: query.kind, maxResults: count)
            ).times
            return Answer(times: times)
        } catch {
            return Answer(times: [], problem: error.message)
        }
    }

    func render(on surface: Surface, now: Int64, isFlexible: Int? = nil) {
        let inside = surface.panel("Next firings", note: StyledLine("UTC", .faint))
        guard let answer else {
            inside.write("Type an expression.", x: 2, y: 0, Style(.dim))
            return
        }
        if !answer.hasEngine {
            inside.write("Only Skua's own engine tells them.", x: 2, y: 0, Style(.dim))
            return
        }
        if let problem = answer.problem {
            for (row, line) in TextWrapping.wrap("✗ " + problem, to: max(16, inside.width - 4)).enumerated() {
                inside.write(line, x: 2, y: row, Style(.failure))
            }
            return
        }
        if answer.times.isEmpty {
            inside.write("None: it names no time that is still to come.", x: 2, y: 0, Style(.warning))
            return
        }
        for (row, time) in answer.times.enumerated() where row < inside.height {
            inside.write(Self.weekday(time), x: 2, y: row, Style(.dim))
            let end = inside.write(ElapsedTime.date(time), x: 6, y: row, Style(row == 0 ? .text : .dim))
            let wait = ElapsedTime.countdown(milliseconds: time.epochMilliseconds - now)
            if end + 5 + wait.columns < inside.width { inside.write("in \(wait)", x: end + 2, y: row, Style(.faint)) }
        }
        if let minutes = isFlexible, minutes > 0, answer.times.count < inside.height {
            inside.write(
                "each within \(Quantity.count(minutes, "minute")) after that", x: 2, y: answer.times.count,
                Style(.faint))
        }
    }

    private static func weekday(_ time: Instant) -> String {
        let names = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
        return names[CalendarDate(time).weekday % 7]
    }
}
