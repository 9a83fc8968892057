import AWSModel
import AWSTypes

/// One page of a bucket's keys, folded at a delimiter.
private struct ObjectPage {
    var objects: [S3Object] = []
    var prefixes: [String] = []
    /// The last key or common prefix of a page that has a successor.
    var next: String?

    /// - Parameter marker: keys and prefixes up to and with this one are left out.
    init(of bucket: S3Bucket, prefix: String, delimiter: String?, after marker: String?, limit: Int) {
        guard limit > 0 else { return }
        let delimiter = delimiter.flatMap { $0.isEmpty ? nil : $0 }
        var last: String?
        var start = prefix
        if let marker, OrderedKeys<S3Object>.precedes(prefix, marker) { start = marker }
        var wantsMore = true
        // Each round ends at a common prefix and goes on behind it, so that what it holds is never walked through.
        while wantsMore {
            wantsMore = false
            bucket.objects.forEach(from: start) { key, object in
                guard key.utf8.starts(with: prefix.utf8) else { return false }
                if let marker, !OrderedKeys<S3Object>.precedes(marker, key) { return true }
                if let delimiter, let folded = Self.folded(key, prefix, delimiter) {
                    start = folded + "\u{10FFFF}"
                    wantsMore = true
                    // A page that ended at this prefix does not show it again.
                    if let marker, marker.utf8.starts(with: folded.utf8) { return false }
                    guard objects.count + prefixes.count < limit else {
                        next = last
                        wantsMore = false
                        return false
                    }
                    prefixes.append(folded)
                    last = folded
                    return false
                }
                guard objects.count + prefixes.count < limit else {
                    next = last
                    return false
                }
                objects.append(object)
                last = key
                return true
            }
        }
    }

    private static func folded(_ key: String, _ prefix: String, _ delimiter: String) -> String? {
        let bytes = Array(key.utf8)
        let wanted = Array(delimiter.utf8)
        var position = prefix.utf8.count
        while position + wanted.count <= bytes.count {
            if bytes[position..<position + wanted.count].elementsEqual(wanted) {
                return String(decoding: bytes[..<(position + wanted.count)], as: UTF8.self)
            }
            position += 1
        }
        return nil
    }
}

extension S3Service {
    /// AWS: at most a thousand a page, whatever is asked for.
    private static let pageLimit = 1000

    func listObjectsV2(_ input: S3.ListObjectsV2Request, _ call: Call) throws(ServiceError) -> S3.ListObjectsV2Output {
        let bucket = try bucket(input.bucket, call, expectedOwner: input.expectedBucketOwner)
        let encode = try Self.encoding(input.encodingType)
        var marker = input.startAfter
        if let token = input.continuationToken {
            guard let bytes = Base64.decode(token), !bytes.isEmpty else {
                throw .invalidArgument("The continuation token provided is incorrect", "continuation-token", token)
            }
            marker = String(decoding: bytes, as: UTF8.self)
        }
        let limit = try Self.limit(input.maxKeys)
        let page = ObjectPage(
            of: bucket, prefix: input.prefix ?? "", delimiter: input.delimiter, after: marker, limit: limit)
        return S3.ListObjectsV2Output(
            isTruncated: page.next != nil,
            contents: page.objects.isEmpty
                ? nil : page.objects.map { listed($0, in: bucket, encode, withOwner: input.fetchOwner ?? false) },
            name: bucket.name, prefix: encode(input.prefix ?? ""), delimiter: input.delimiter.map(encode),
            maxKeys: limit,
            commonPrefixes: page.prefixes.isEmpty ? nil : page.prefixes.map { S3.CommonPrefix(prefix: encode($0)) },
            encodingType: input.encodingType, keyCount: page.objects.count + page.prefixes.count,
            continuationToken: input.continuationToken,
            nextContinuationToken: page.next.map { Base64.encode(Array($0.utf8)) },
            startAfter: input.startAfter.map(encode))
    }

    func listObjects(_ input: S3.ListObjectsRequest, _ call: Call) throws(ServiceError) -> S3.ListObjectsOutput {
        let bucket = try bucket(input.bucket, call, expectedOwner: input.expectedBucketOwner)
        let encode = try Self.encoding(input.encodingType)
        let limit = try Self.limit(input.maxKeys)
        let page = ObjectPage(
            of: bucket, prefix: input.prefix ?? "", delimiter: input.delimiter, after: input.marker, limit: limit)
        return S3.ListObjectsOutput(
            isTruncated: page.next != nil, marker: encode(input.marker ?? ""),
            // AWS: only said with a delimiter; else the last key is where to go on.
            nextMarker: input.delimiter == nil ? nil : page.next.map(encode),
            contents: page.objects.isEmpty ? nil : page.objects.map { listed($0, in: bucket, encode, withOwner: true) },
            name: bucket.name, prefix: encode(input.prefix ?? ""), delimiter: input.delimiter.map(encode),
            maxKeys: limit,
            commonPrefixes: page.prefixes.isEmpty ? nil : page.prefixes.map { S3.CommonPrefix(prefix: encode($0)) },
            encodingType: input.encodingType)
    }

    /// AWS: without versioning each object is the only version of its key, and that is called null.
    func listObjectVersions(_ input: Members, _ call: Call) throws(ServiceError) -> Members {
        let bucket = try configured(input, call)
        let request = input.document
        let encode = try Self.encoding(request.string("EncodingType"))
        let limit = try Self.limit(request.integer("MaxKeys"))
        let page = ObjectPage(
            of: bucket, prefix: request.string("Prefix") ?? "", delimiter: request.string("Delimiter"),
            after: request.string("KeyMarker"), limit: limit)
        var answer: DocumentObject = [
            "IsTruncated": .bool(page.next != nil), "KeyMarker": .string(encode(request.string("KeyMarker") ?? "")),
            "VersionIdMarker": .string(request.string("VersionIdMarker") ?? ""), "Name": .string(bucket.name),
            "Prefix": .string(encode(request.string("Prefix") ?? "")), "MaxKeys": .integer(Int64(limit)),
        ]
        answer.putString("Delimiter", request.string("Delimiter").map(encode))
        answer.putString("EncodingType", request.string("EncodingType"))
        answer.putString("NextKeyMarker", page.next.map(encode))
        if page.next != nil { answer["NextVersionIdMarker"] = "null" }
        answer["Versions"] = .list(
            page.objects.map { object in
                var version = listed(object, in: bucket, encode, withOwner: true).document
                version["VersionId"] = "null"
                version["IsLatest"] = true
                return .object(version)
            })
        answer["CommonPrefixes"] = .list(page.prefixes.map { ["Prefix": .string(encode($0))] })
        return Members(answer)
    }

    private func listed(
        _ object: S3Object, in bucket: S3Bucket, _ encode: (String) -> String, withOwner: Bool
    ) -> S3.Object {
        S3.Object(
            key: encode(object.key), lastModified: object.modified, eTag: object.quotedETag,
            checksumAlgorithm: object.checksums.isEmpty ? nil : object.checksums.keys.sorted(),
            checksumType: object.checksums.isEmpty ? nil : object.checksumType, size: object.size,
            storageClass: object.attributes.storageClass, owner: withOwner ? owner(bucket.scope.accountID) : nil)
    }

    static func limit(_ wanted: Int?) throws(ServiceError) -> Int {
        guard let wanted else { return pageLimit }
        guard wanted >= 0 else {
            throw .invalidArgument(
                "Argument maxKeys must be an integer between 0 and 2147483647", "maxKeys", String(wanted))
        }
        return min(wanted, pageLimit)
    }

    /// AWS: `encoding-type=url` percent-encodes all but unreserved characters and slashes; a space is a plus.
    static func encoding(_ type: String?) throws(ServiceError) -> (String) -> String {
        guard let type else { return { $0 } }
        guard type == "url" else {
            throw .invalidArgument("Invalid Encoding Method specified in Request", "encoding-type", type)
        }
        return { text in
            var output = ""
            for byte in text.utf8 {
                switch byte {
                case 0x41...0x5A, 0x61...0x7A, 0x30...0x39, 0x2D, 0x2E, 0x5F, 0x2A, 0x2F:
                    output.unicodeScalars.append(Unicode.Scalar(byte))
                case 0x20: output += "+"
                default: output += "%" + ObjectBodies.hex([byte]).uppercased()
                }
            }
            return output
        }
    }
}
