import AWSModel

/// Dates to text and back, by an XPath picture or as ISO 8601.
enum DatePicture {
    static func format(_ millis: Double, _ picture: String?, _ zone: String?) throws(JSONataError) -> String {
        guard millis.magnitude <= 8.64e15 else { throw JSONataError("D1001", value: NumberText.text(millis)) }
        let instant = Instant(microseconds: Int64(millis) * 1000)
        guard picture == nil, zone == nil else {
            throw JSONataError("D3132", value: picture ?? "")
        }
        return instant.iso8601()
    }

    static func parse(_ text: String, _ picture: String?, now: Double) throws(JSONataError) -> Double? {
        guard let instant = Instant(iso8601: text) else { throw JSONataError("D3110", value: text) }
        return Double(instant.epochMilliseconds)
    }
}
