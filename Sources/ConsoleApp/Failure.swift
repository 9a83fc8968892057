/// A clear end: what is wrong and what to do, and the status the program ends with.
struct Failure: Error, CustomStringConvertible {
    /// Exit codes, as `skua --help` lists them.
    enum Code: Int32 {
        case failed = 1
        case usage = 64
        case cannotOpen = 66
        case unavailable = 69
        case noTerminal = 75
    }

    var description: String
    var code: Code

    init(_ description: String, _ code: Code = .failed) {
        self.description = description
        self.code = code
    }
}
