import AWSModel
import Foundation

/// When a schedule runs: `at(…)`, `rate(…)` or `cron(…)`, the first and last in a time zone.
struct ScheduleExpression: Sendable, Hashable {
    private enum Form: Sendable, Hashable {
        case once(CalendarDate)
        case rate(Duration)
        case cron(CronExpression)
    }

    private let form: Form
    private let zone: TimeZone

    init(_ text: String, timezone: String?) throws(ServiceError) {
        let invalid = ServiceError.validation("Invalid Schedule Expression \(text).")
        guard let zone = TimeZone(identifier: timezone ?? "UTC") else {
            throw .validation("Invalid Schedule Expression Timezone \(timezone ?? "").")
        }
        self.zone = zone
        guard text.hasSuffix(")"), let open = text.firstIndex(of: "(") else { throw invalid }
        let inner = text[text.index(after: open)...].dropLast()
        switch text[..<open] {
        case "at":
            // AWS: no zone and no fraction.
            guard inner.utf8.count == 19, let time = Instant(iso8601: "\(inner)Z") else { throw invalid }
            form = .once(CalendarDate(time))
        case "rate":
            guard let interval = RuleSchedule.rate(inner, allowsAnyNumber: true) else { throw invalid }
            form = .rate(interval)
        case "cron":
            guard let expression = CronExpression(fields: inner) else { throw invalid }
            form = .cron(expression)
        default: throw invalid
        }
    }

    var isRate: Bool { if case .rate = form { true } else { false } }
    var isOnce: Bool { if case .once = form { true } else { false } }

    /// The first run after `time`; nil where there is none. `origin` is what a rate counts from.
    func next(after time: Instant, origin: Instant) -> Instant? {
        switch form {
        case .once(let local):
            guard let run = instant(of: local), run > time else { return nil }
            return run
        case .rate(let interval):
            guard origin <= time else { return origin }
            let passed = (time - origin).wholeMicroseconds / interval.wholeMicroseconds
            return Instant(microseconds: origin.microseconds + (passed + 1) * interval.wholeMicroseconds)
        case .cron(let expression):
            var local = CalendarDate(time + .seconds(offset(at: time)))
            // AWS: a time that the clocks skip in spring is left out; one that comes twice in autumn runs once.
            for _ in 0..<100 {
                guard let candidate = expression.next(after: local) else { return nil }
                if let run = instant(of: candidate), run > time { return run }
                local = candidate
            }
            return nil
        }
    }

    private func offset(at time: Instant) -> Int {
        zone.secondsFromGMT(for: Date(timeIntervalSince1970: time.epochSeconds))
    }

    /// The instant of a local time, the earlier of two; nil where the clocks skip it.
    private func instant(of local: CalendarDate) -> Instant? {
        let naive = local.instant
        let offsets = Set([offset(at: naive - .seconds(86_400)), offset(at: naive + .seconds(86_400))])
        return offsets.map { naive - .seconds($0) }
            .filter { CalendarDate($0 + .seconds(offset(at: $0))) == local }
            .min()
    }
}
