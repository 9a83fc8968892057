import AWSModel

extension DatePicture {
    /// Milliseconds since 1970 of a text; nil where it does not fit the picture.
    static func parse(_ text: String, _ picture: String?, now: Double) throws(JSONataError) -> Double? {
        guard let picture else { return try parseISO(text) }
        let parts = try DatePicture(picture).parts
        var pattern = "^"
        var markers: [Marker] = []
        for part in parts {
            switch part {
            case .literal(let literal):
                for character in literal {
                    pattern += ".*+?^${}()|[]\\/".contains(character) ? "\\\(character)" : String(character)
                }
            case .marker(let marker):
                pattern += "(" + (try Self.pattern(of: marker)) + ")"
                markers.append(marker)
            }
        }
        var steps = 1_000_000
        let units = Array(text.utf16)
        let regex = try RegularExpression(pattern: pattern + "$", flags: "i")
        guard let match = try regex.match(units, from: 0, steps: &steps), !markers.isEmpty else { return nil }
        var values: [Character: Double] = [:]
        for (marker, group) in zip(markers, match.groups) {
            guard let group else { continue }
            let word = String(decoding: units[group], as: UTF16.self)
            if let value = try Self.value(of: marker, word) { values[marker.component] = value }
        }
        return values.isEmpty ? nil : try instant(values, now: now)
    }

    private static func pattern(of marker: Marker) throws(JSONataError) -> String {
        switch marker.component {
        case "Z", "z":
            let prefix = marker.component == "z" ? "GMT" : ""
            return "\(prefix)[-+][0-9]+(?::[0-9]+)?" + (marker.isZulu ? "|Z" : "")
        case "P": return "am|pm"
        case "C", "E": return "ISO"
        default: break
        }
        guard marker.names == nil else {
            guard "MxF".contains(marker.component) else {
                throw JSONataError("D3133", value: String(marker.component))
            }
            return "[a-zA-Z]+"
        }
        return marker.integer?.pattern ?? ".+"
    }

    private static func value(of marker: Marker, _ word: String) throws(JSONataError) -> Double? {
        switch marker.component {
        case "P": return word.lowercased() == "pm" ? 1 : 0
        case "C", "E": return nil
        case "Z", "z": return zone(word)
        default: break
        }
        guard marker.names != nil else { return try marker.integer?.parse(word) }
        let names = marker.component == "F" ? days : months
        let index = names.firstIndex { name in
            (marker.maximumWidth.map { String(name.prefix($0)) } ?? name).lowercased() == word.lowercased()
        }
        return index.map { Double($0 + 1) }
    }

    /// Minutes ahead of UTC.
    private static func zone(_ word: String) -> Double {
        let text = word.hasPrefix("GMT") ? String(word.dropFirst(3)) : word
        guard text != "Z", let sign = text.first else { return 0 }
        let pieces = text.dropFirst().split(separator: ":")
        var (hours, minutes) = (Double(pieces.first ?? "") ?? 0, pieces.count > 1 ? Double(pieces[1]) ?? 0 : 0)
        if pieces.count == 1, text.count > 3 {
            minutes = hours.truncatingRemainder(dividingBy: 100)
            hours = (hours / 100).rounded(.down)
        }
        return (hours * 60 + minutes) * (sign == "-" ? -1 : 1)
    }

    /// What is missing before the first given component comes from now, what is missing after the last is the least;
    /// a gap between is an error.
    private static func instant(_ given: [Character: Double], now: Double) throws(JSONataError) -> Double {
        var values = given
        let isDayOfYear = given["d"] != nil
        guard !"XxwW".contains(where: { given[$0] != nil }) else { throw JSONataError("D3136") }
        let isHalfDay = given["P"] != nil || given["h"] != nil
        let today = CalendarDate(Instant(microseconds: Int64(now) * 1000))
        let current: [Character: Int] = [
            "Y": today.year, "M": today.month, "D": today.day, "H": today.hour, "h": today.hour % 12,
            "P": today.hour / 12, "m": today.minute, "s": today.second, "f": today.microsecond / 1000,
        ]
        var hasStarted = false
        var hasEnded = false
        for component in (isDayOfYear ? "Yd" : "YMD") + (isHalfDay ? "Phmsf" : "Hmsf") {
            if given[component] != nil {
                hasStarted = true
                if hasEnded { throw JSONataError("D3136") }
            } else if hasStarted {
                values[component] = "MDd".contains(component) ? 1 : 0
                hasEnded = true
            } else {
                values[component] = Double(current[component] ?? 1)
            }
        }
        func whole(_ component: Character) -> Int { Int(max(-1e6, min(1e6, values[component] ?? 0))) }
        let first = CalendarDate(year: whole("Y"), month: 1, day: 1)
        // Months and days may run over, as JavaScript's Date.UTC lets them.
        let month = whole("M") - 1
        let years = Int((Double(month) / 12).rounded(.down))
        let start = CalendarDate(year: whole("Y") + years, month: month - years * 12 + 1, day: 1)
        let days =
            isDayOfYear ? first.daysSinceEpoch + Int64(whole("d") - 1) : start.daysSinceEpoch + Int64(whole("D") - 1)
        let hour = isHalfDay ? whole("h") % 12 + (whole("P") == 1 ? 12 : 0) : whole("H")
        let seconds = Double(days) * 86_400 + Double(hour * 3600 + whole("m") * 60 + whole("s"))
        return seconds * 1000 + Double(whole("f")) - (given["Z"] ?? given["z"] ?? 0) * 60_000
    }

    private static let isoPattern =
        #"^(\d{4})(?:-([01]\d))?(?:-([0-3]\d))?(?:T([0-2]\d):([0-5]\d):([0-5]\d))?(\.\d+)?([+-][0-2]\d:?[0-5]\d|Z)?$"#

    private static func parseISO(_ text: String) throws(JSONataError) -> Double {
        var steps = 100_000
        let units = Array(text.utf16)
        let regex = try RegularExpression(pattern: isoPattern, flags: "")
        guard let match = try regex.match(units, from: 0, steps: &steps) else {
            throw JSONataError("D3110", value: text)
        }
        func part(_ index: Int) -> String? { match.groups[index].map { String(decoding: units[$0], as: UTF16.self) } }
        func number(_ index: Int) -> Int? { part(index).flatMap { Int($0) } }
        let date = CalendarDate(year: number(0) ?? 0, month: number(1) ?? 1, day: number(2) ?? 1)
        guard (1...12).contains(date.month), (1...31).contains(date.day), (number(3) ?? 0) < 25 else {
            throw JSONataError("D3110", value: text)
        }
        let seconds = (number(3) ?? 0) * 3600 + (number(4) ?? 0) * 60 + (number(5) ?? 0)
        let fraction = (part(6).flatMap { Double("0\($0)") } ?? 0) * 1000
        return Double(date.daysSinceEpoch) * 86_400_000 + Double(seconds) * 1000 + (fraction + 1e-6).rounded(.down)
            - zone(part(7) ?? "Z") * 60_000
    }
}
