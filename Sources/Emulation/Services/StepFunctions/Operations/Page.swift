import AWSModel
import AWSTypes

/// One page of a list, and the token of the next.
///
/// AWS: a token belongs to the list that gave it, with the same arguments, for 24 hours; another one is InvalidToken.
struct Page<Item> {
    var items: [Item] = []
    var next: String?

    /// Of a list whose order does not change: the token is a place in it.
    init(_ all: [Item], maximum: Int?, token: String?, of list: String, at now: Instant) throws(ServiceError) {
        let start = min(try PageToken(token, of: list, at: now)?.place ?? 0, all.count)
        let end = min(start + PageToken.count(maximum), all.count)
        items = Array(all[start..<end])
        if end < all.count { next = PageToken(place: end).text(of: list, at: now) }
    }

    /// Of a list that goes from newer to older: what is added meanwhile does not shift the pages.
    /// - Parameters:
    ///   - oldestFirst: sorted by `id`.
    ///   - id: grows with each item.
    init(
        newestFirst oldestFirst: [Item], maximum: Int?, token: String?, of list: String, at now: Instant,
        id: (Item) -> Int64, where isWanted: (Item) -> Bool
    ) throws(ServiceError) {
        var index = oldestFirst.count
        if let below = try PageToken(token, of: list, at: now)?.place {
            var low = 0
            while low < index {
                let middle = (low + index) / 2
                if id(oldestFirst[middle]) < Int64(below) { low = middle + 1 } else { index = middle }
            }
        }
        let count = PageToken.count(maximum)
        while index > 0 {
            index -= 1
            let item = oldestFirst[index]
            guard isWanted(item) else { continue }
            guard items.count < count else {
                next = items.last.map { PageToken(place: Int(id($0))).text(of: list, at: now) }
                return
            }
            items.append(item)
        }
    }
}

struct PageToken {
    var place: Int

    private static let lifetime = Duration.seconds(86_400)

    init(place: Int) { self.place = place }

    /// - Parameter list: the operation and what it was asked for.
    init?(_ token: String?, of list: String, at now: Instant) throws(ServiceError) {
        guard let token else { return nil }
        let parts = Base64.decode(token).map { String(decoding: $0, as: UTF8.self).split(separator: " ", maxSplits: 2) }
        guard let parts, parts.count == 3, let place = Int(parts[0]), place >= 0, let given = Int64(parts[1]),
            now - Instant(microseconds: given) <= Self.lifetime
        else { throw .invalidStepFunctionsToken }
        guard parts[2] == list else {
            throw ServiceError("InvalidToken", "Invalid Token: 'Input inconsistent with page token: \(token)'")
        }
        self.place = place
    }

    func text(of list: String, at now: Instant) -> String {
        Base64.encode(Array("\(place) \(now.microseconds) \(list)".utf8))
    }

    /// AWS: 100 where nothing, or 0, is asked for; 1,000 at most.
    static func count(_ maximum: Int?) -> Int { maximum.flatMap { $0 > 0 ? min($0, 1000) : nil } ?? 100 }
}
