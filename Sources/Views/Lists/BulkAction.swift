import TerminalUI

/// What can be done to a row of a list, or to all rows that are marked.
///
/// A screen declares it. Its key, its question, the progress of many and what the service refused come from here.
struct BulkAction<Row: Sendable>: Sendable {
    /// When it asks before it acts.
    enum Question: Sendable {
        /// It is undone as easily.
        case never
        /// Many need the verb typed, one needs a yes.
        case destructive
        /// One needs its name typed: what is lost cannot be made again.
        case typed
    }

    var action: ActionID
    var keys: [Key]
    /// For the line of keys.
    var title: String
    var help: String
    /// What is done to these rows; a switch does the opposite of what the first of them is.
    var verb: @Sendable ([Row]) -> BulkVerb
    var noun: Noun
    var question: Question = .never
    /// What the question says besides: what is lost.
    var note: @Sendable ([Row]) -> String = { _ in "This cannot be undone." }
    var name: @Sendable (Row) -> String
    /// A line of the question.
    var consequence: @Sendable (Row) -> String
    /// Whether it can be done to a row.
    var availability: @Sendable (Row, BulkVerb) -> Availability = { _, _ in .enabled }
    /// How many rows one call takes.
    var batch = 1
    var prominence = KeyBinding.Prominence.footer
    /// What failed comes back by position.
    var perform: @Sendable ([Row], BulkVerb, ConsoleContext) async -> [Int: String]

    /// The binding for what is selected or marked in a list.
    func binding<ID>(in table: Table<Row>) -> KeyBinding where Row: Identifiable<ID> {
        KeyBinding(
            keys, title, action, help: help, availability: availability(in: table), prominence: prominence, menu: true,
            destructive: isDestructive, needs: [.changes])
    }

    private var isDestructive: Bool {
        if case .never = question { return false }
        return true
    }

    /// Of many, those are left out for which it cannot be done; only the question looks at all of them.
    private func availability<ID>(in table: Table<Row>) -> Availability where Row: Identifiable<ID> {
        if !table.marked.isEmpty { return .enabled }
        guard let row = table.selected else { return .disabled("No \(noun.singular) is selected") }
        return availability(row, verb([row]))
    }

    /// Asks, acts, tells; then the screen hears what became of the rows.
    func effects<Message: Sendable>(
        on targets: [Row], then message: @escaping @Sendable (BulkResult<Row>) -> Message
    ) -> [Effect<Message>] {
        guard !targets.isEmpty else { return [] }
        let verb = verb(targets)
        var rows: [Row] = []
        var refusals: [(row: Row, reason: String)] = []
        for row in targets {
            if let reason = availability(row, verb).reason {
                refusals.append((row, reason))
            } else {
                rows.append(row)
            }
        }
        guard !rows.isEmpty else { return refusals.first.map { [.toast($0.reason, .disabled)] } ?? [] }
        let allowed = rows
        let job = BulkJob(
            doing: "\(verb.doing) \(described(rows))", done: "\(verb.done) \(described(rows))",
            undone: "could not be \(verb.done.lowercased())", names: rows.map(name),
            leftOut: refusals.map { "\(name($0.row)): \($0.reason)" }, batch: batch,
            question: dialog(verb, rows, leftOut: refusals.map { "\(name($0.row)) is left: \($0.reason)" }),
            perform: { [perform] positions, context in
                let failures = await perform(positions.map { allowed[$0] }, verb, context)
                return Dictionary(
                    failures.compactMap { at, reason in
                        positions.indices.contains(at) ? (positions[at], reason) : nil
                    }, uniquingKeysWith: { $1 })
            })
        return [
            .bulk(job) { progress in
                message(
                    BulkResult(
                        succeeded: progress.succeeded.sorted().map { allowed[$0] },
                        failures: progress.failures.sorted { $0.key < $1.key }.map { (allowed[$0.key], $0.value) }))
            }
        ]
    }

    private func described(_ rows: [Row]) -> String {
        rows.count == 1 ? "\(noun.singular) \(name(rows[0]))" : noun.count(rows.count)
    }

    private func dialog(_ verb: BulkVerb, _ rows: [Row], leftOut: [String]) -> Dialog? {
        let word: String?
        switch question {
        case .never: return nil
        case .destructive: word = rows.count == 1 ? nil : verb.infinitive.lowercased()
        case .typed: word = rows.count == 1 ? name(rows[0]) : verb.infinitive.lowercased()
        }
        return Dialog(
            "\(verb.infinitive) \(described(rows))?", message: note(rows),
            consequences: leftOut + rows.map(consequence), confirm: verb.infinitive, destructive: true,
            typeToConfirm: word)
    }
}

/// What became of the rows an action was for.
struct BulkResult<Row: Sendable>: Sendable {
    var succeeded: [Row]
    var failures: [(row: Row, reason: String)]
}

/// A verb in the forms that an action speaks in.
struct BulkVerb: Hashable, Sendable {
    let infinitive: String
    let doing: String
    let done: String

    init(_ infinitive: String, _ doing: String, _ done: String) {
        self.infinitive = infinitive
        self.doing = doing
        self.done = done
    }

    static let delete = BulkVerb("Delete", "Deleting", "Deleted")
    static let remove = BulkVerb("Remove", "Removing", "Removed")
    static let purge = BulkVerb("Purge", "Purging", "Purged")
    static let enable = BulkVerb("Enable", "Enabling", "Enabled")
    static let disable = BulkVerb("Disable", "Disabling", "Disabled")
    /// Where AWS only begins it: a pipe goes on starting for a while.
    static let start = BulkVerb("Start", "Starting", "Started")
    static let stop = BulkVerb("Stop", "Stopping", "Stopped")
}

/// What a list is of, one and many.
struct Noun: Hashable, Sendable, ExpressibleByStringLiteral {
    let singular: String
    let plural: String

    init(_ singular: String, _ plural: String) {
        self.singular = singular
        self.plural = plural
    }

    init(stringLiteral word: String) { self.init(word, word + "s") }

    /// `a queue`, `an alarm`.
    var article: String { singular.first.map { "aeiou".contains($0) } == true ? "an" : "a" }

    func count(_ number: Int) -> String { "\(number.grouped) \(number == 1 ? singular : plural)" }
}
