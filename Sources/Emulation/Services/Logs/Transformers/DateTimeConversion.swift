import AWSModel
import AWSTypes
import Foundation

/// The `dateTimeConverter` processor: a time in one form of text becomes one of another.
struct DateTimeConversion {
    private static let epoch = "epoch"
    private static let defaultFormat = "yyyy-MM-dd'T'HH:mm:ss.SSS'Z'"

    private let put: Logs.DateTimeConverter
    /// One of each pattern; nil for epochs.
    private let readers: [DateFormatter?]
    private let writer: DateFormatter?

    init(_ put: Logs.DateTimeConverter) throws(ServiceError) {
        self.put = put
        let source = try Self.zone(put.sourceTimezone)
        let target = try Self.zone(put.targetTimezone)
        readers = put.matchPatterns.map { pattern in
            pattern == Self.epoch ? nil : Self.formatter(pattern, source, locale: put.locale)
        }
        let format = put.targetFormat ?? Self.defaultFormat
        writer = format == Self.epoch ? nil : Self.formatter(format, target, locale: nil)
    }

    private static func zone(_ name: String?) throws(ServiceError) -> TimeZone {
        guard let zone = TimeZone(identifier: name ?? "UTC") ?? TimeZone(abbreviation: name ?? "UTC") else {
            throw .invalidParameter("The time zone \(name ?? "") of dateTimeConverter is not known.")
        }
        return zone
    }

    private static func formatter(_ pattern: String, _ zone: TimeZone, locale: String?) -> DateFormatter {
        let formatter = DateFormatter()
        // The text of one locale reads the same wherever the engine runs.
        formatter.locale = Locale(identifier: locale ?? "en_US_POSIX")
        formatter.timeZone = zone
        formatter.dateFormat = pattern
        return formatter
    }

    /// A value that no pattern reads stays as it is.
    func applied(to object: DocumentObject) -> DocumentObject {
        guard let text = object.value(at: put.source)?.plainText, let date = date(of: text) else { return object }
        var object = object
        let milliseconds = Int64((date.timeIntervalSince1970 * 1000).rounded())
        object.set(writer.map { .string($0.string(from: date)) } ?? .integer(milliseconds), at: put.target)
        return object
    }

    private func date(of text: String) -> Date? {
        for reader in readers {
            if let reader {
                if let date = reader.date(from: text) { return date }
            } else if let number = Double(text) {
                // Seconds, or milliseconds where that would be millennia ahead.
                return Date(timeIntervalSince1970: number > 100_000_000_000 ? number / 1000 : number)
            }
        }
        return nil
    }
}
