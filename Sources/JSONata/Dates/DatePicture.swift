import AWSModel

/// A picture of dates as in XPath's `format-dateTime`: `[D1o] [MNn] [Y]`.
struct DatePicture {
    struct Marker {
        enum Names { case lower, upper, title }

        var component: Character
        var minimumWidth: Int?
        var maximumWidth: Int?
        var names: Names?
        var integer: IntegerPicture?
        /// `t`: UTC is written Z.
        var isZulu = false
        /// Digits of a year.
        var yearDigits: Int?
    }

    enum Part {
        case literal(String)
        case marker(Marker)
    }

    private(set) var parts: [Part] = []

    static let iso = "[Y0001]-[M01]-[D01]T[H01]:[m01]:[s01].[f001][Z01:01t]"
    static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]
    static let days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]

    private static let presentations: [Character: String] = [
        "Y": "1", "M": "1", "D": "1", "d": "1", "F": "n", "W": "1", "w": "1", "X": "1", "x": "1", "H": "1", "h": "1",
        "P": "n", "m": "01", "s": "01", "f": "1", "Z": "01:01", "z": "01:01", "C": "n", "E": "n",
    ]

    init(_ picture: String) throws(JSONataError) {
        let characters = Array(picture)
        var literal = ""
        var index = 0
        func isPair(_ character: Character) -> Bool {
            characters[index] == character && index + 1 < characters.count && characters[index + 1] == character
        }
        while index < characters.count {
            if isPair("[") || isPair("]") {
                literal.append(characters[index])
                index += 2
            } else if characters[index] == "[" {
                guard let end = characters[index...].firstIndex(of: "]") else { throw JSONataError("D3135") }
                if !literal.isEmpty { parts.append(.literal(literal)) }
                literal = ""
                try add(String(characters[index + 1..<end].filter { !$0.isWhitespace }))
                index = end + 1
            } else {
                literal.append(characters[index])
                index += 1
            }
        }
        if !literal.isEmpty { parts.append(.literal(literal)) }
    }

    private mutating func add(_ text: String) throws(JSONataError) {
        guard let component = text.first, let standard = Self.presentations[component] else {
            throw JSONataError("D3132", value: String(text.prefix(1)))
        }
        var marker = Marker(component: component)
        var rest = text.dropFirst()
        if let comma = rest.lastIndex(of: ",") {
            let bounds = rest[rest.index(after: comma)...].split(separator: "-", maxSplits: 1)
            marker.minimumWidth = bounds.first.flatMap { Int($0) }
            marker.maximumWidth = bounds.count > 1 ? Int(bounds[1]) : nil
            rest = rest[..<comma]
        }
        var presentation = rest.isEmpty ? standard : String(rest)
        var modifier: Character?
        if rest.count > 1, let last = rest.last, "atco".contains(last) {
            modifier = last
            presentation.removeLast()
        }
        if presentation.first == "n" {
            marker.names = .lower
        } else if presentation.first == "N" {
            marker.names = presentation.dropFirst().first == "n" ? .title : .upper
        } else if "YMDdFWwXxHhmsf".contains(component) {
            var integer = try IntegerPicture(presentation + (modifier.map { ";\($0)" } ?? ""))
            if let width = marker.minimumWidth, integer.mandatoryDigits < width { integer.mandatoryDigits = width }
            if component == "Y" {
                if let width = marker.maximumWidth {
                    marker.yearDigits = width
                    integer.mandatoryDigits = width
                } else if integer.mandatoryDigits + integer.optionalDigits >= 2 {
                    marker.yearDigits = integer.mandatoryDigits + integer.optionalDigits
                }
            }
            if case .marker(var previous) = parts.last, let width = previous.integer?.mandatoryDigits {
                previous.integer?.parseWidth = width
                parts[parts.count - 1] = .marker(previous)
            }
            marker.integer = integer
        }
        if component == "Z" || component == "z" {
            marker.integer = try IntegerPicture(presentation)
            marker.isZulu = modifier == "t"
        }
        parts.append(.marker(marker))
    }

    // MARK: To text

    static func format(_ millis: Double, _ picture: String?, _ zone: String?) throws(JSONataError) -> String {
        guard millis.magnitude <= 8.64e15 else { throw JSONataError("D1001", value: NumberText.text(millis)) }
        let offset = zone.flatMap { Double($0) } ?? 0
        guard offset.magnitude < 10_000 else { throw JSONataError("D3134") }
        let hours = Int((offset / 100).rounded(.down))
        let minutes = Int(offset) % 100
        let shifted = millis.rounded(.down) + Double(hours * 60 + minutes) * 60_000
        let date = CalendarDate(Instant(microseconds: Int64(shifted) * 1000))
        var text = ""
        for part in try DatePicture(picture ?? iso).parts {
            switch part {
            case .literal(let literal): text += literal
            case .marker(let marker):
                let isZone = marker.component == "Z" || marker.component == "z"
                text += try isZone ? self.zone(marker, hours, minutes) : self.text(marker, date)
            }
        }
        return text
    }

    private static func zone(_ marker: Marker, _ hours: Int, _ minutes: Int) throws(JSONataError) -> String {
        guard let integer = marker.integer else { return "" }
        if marker.isZulu, hours == 0, minutes == 0 { return "Z" }
        var text: String
        if !integer.separators.isEmpty {
            text = try integer.format(Double(hours * 100 + minutes))
        } else {
            switch integer.mandatoryDigits {
            case 1, 2:
                text = try integer.format(Double(hours))
                if minutes != 0 { text += ":" + (try IntegerPicture("00").format(Double(minutes))) }
            case 3, 4: text = try integer.format(Double(hours * 100 + minutes))
            default: throw JSONataError("D3134")
            }
        }
        if hours * 60 + minutes >= 0 { text = "+" + text }
        return marker.component == "z" ? "GMT" + text : text
    }

    private static func text(_ marker: Marker, _ date: CalendarDate) throws(JSONataError) -> String {
        switch marker.component {
        case "P":
            let half = date.hour < 12 ? "am" : "pm"
            return marker.names == .upper ? half.uppercased() : half
        case "C", "E": return "ISO"
        default: break
        }
        var value = Double(number(marker.component, date))
        if let names = marker.names {
            let name: String
            switch marker.component {
            case "M", "x": name = months[(Int(value) + 11) % 12]
            case "F": name = days[(Int(value) + 6) % 7]
            default: throw JSONataError("D3133", value: String(marker.component))
            }
            let cut = marker.maximumWidth.map { String(name.prefix($0)) } ?? name
            return names == .upper ? cut.uppercased() : names == .lower ? cut.lowercased() : cut
        }
        guard let integer = marker.integer else { return "" }
        if let digits = marker.yearDigits, digits > 0, digits < 15 {
            value = value.truncatingRemainder(dividingBy: (0..<digits).reduce(1.0) { power, _ in power * 10 })
        }
        return try integer.format(value)
    }

    private static func number(_ component: Character, _ date: CalendarDate) -> Int {
        let weekday = date.weekday == 0 ? 7 : date.weekday
        // A week belongs to the year and the month of its Thursday.
        let thursday = CalendarDate(
            Instant(microseconds: (date.daysSinceEpoch + Int64(4 - weekday)) * 86_400_000_000))
        func dayOfYear(_ date: CalendarDate) -> Int {
            Int(date.daysSinceEpoch - CalendarDate(year: date.year, month: 1, day: 1).daysSinceEpoch) + 1
        }
        switch component {
        case "Y": return date.year
        case "M": return date.month
        case "D": return date.day
        case "d": return dayOfYear(date)
        case "F": return weekday
        case "W": return (dayOfYear(thursday) - 1) / 7 + 1
        case "w": return (thursday.day - 1) / 7 + 1
        case "X": return thursday.year
        case "x": return thursday.month
        case "H": return date.hour
        case "h": return date.hour % 12 == 0 ? 12 : date.hour % 12
        case "m": return date.minute
        case "s": return date.second
        default: return date.microsecond / 1000
        }
    }
}
