import AWSModel

/// The rows of buckets, objects and uploads.
enum S3Tables {
    static let migrations = [
        Migration(
            "s3-1",
            """
            CREATE TABLE s3_buckets (name TEXT NOT NULL PRIMARY KEY, account TEXT NOT NULL, document TEXT NOT NULL) WITHOUT ROWID;
            CREATE TABLE s3_objects (
                bucket TEXT NOT NULL, key TEXT NOT NULL, document TEXT NOT NULL, PRIMARY KEY (bucket, key)) WITHOUT ROWID;
            CREATE TABLE s3_uploads (
                bucket TEXT NOT NULL, id TEXT NOT NULL, key TEXT NOT NULL, document TEXT NOT NULL,
                PRIMARY KEY (bucket, id)) WITHOUT ROWID;
            CREATE TABLE s3_parts (
                bucket TEXT NOT NULL, upload TEXT NOT NULL, number INTEGER NOT NULL, document TEXT NOT NULL,
                PRIMARY KEY (bucket, upload, number)) WITHOUT ROWID;
            """)
    ]

    static func store(_ bucket: S3Bucket, _ journal: Journal) {
        journal.record(
            "INSERT OR REPLACE INTO s3_buckets VALUES (?, ?, ?)",
            [.text(bucket.name), .text(bucket.scope.accountID), .document(bucket.document)])
    }

    static func remove(_ bucket: S3Bucket, _ journal: Journal) {
        journal.record("DELETE FROM s3_buckets WHERE name = ?", [.text(bucket.name)])
        journal.record("DELETE FROM s3_uploads WHERE bucket = ?", [.text(bucket.name)])
        journal.record("DELETE FROM s3_parts WHERE bucket = ?", [.text(bucket.name)])
    }

    static func store(_ object: S3Object, in bucket: S3Bucket, _ journal: Journal) {
        journal.record(
            "INSERT OR REPLACE INTO s3_objects VALUES (?, ?, ?)",
            [.text(bucket.name), .text(object.key), .document(object.document)])
    }

    static func removeObject(_ key: String, from bucket: S3Bucket, _ journal: Journal) {
        journal.record("DELETE FROM s3_objects WHERE bucket = ? AND key = ?", [.text(bucket.name), .text(key)])
    }

    static func store(_ upload: MultipartUpload, in bucket: S3Bucket, _ journal: Journal) {
        journal.record(
            "INSERT OR REPLACE INTO s3_uploads VALUES (?, ?, ?, ?)",
            [.text(bucket.name), .text(upload.id), .text(upload.key), .document(upload.document)])
    }

    static func store(_ part: UploadedPart, of upload: MultipartUpload, in bucket: S3Bucket, _ journal: Journal) {
        journal.record(
            "INSERT OR REPLACE INTO s3_parts VALUES (?, ?, ?, ?)",
            [.text(bucket.name), .text(upload.id), .integer(part.number), .document(part.document)])
    }

    static func remove(_ upload: MultipartUpload, from bucket: S3Bucket, _ journal: Journal) {
        let place: [SQLValue] = [.text(bucket.name), .text(upload.id)]
        journal.record("DELETE FROM s3_uploads WHERE bucket = ? AND id = ?", place)
        journal.record("DELETE FROM s3_parts WHERE bucket = ? AND upload = ?", place)
    }

    static func load(_ bucket: S3Bucket, _ journal: Journal) -> (OrderedKeys<S3Object>, [MultipartUpload]) {
        var objects = OrderedKeys<S3Object>()
        var uploads: [String: MultipartUpload] = [:]
        let name: [SQLValue] = [.text(bucket.name)]
        try? journal.rows.forEach("SELECT key, document FROM s3_objects WHERE bucket = ? ORDER BY key", name) { row in
            let key = row.text(0)
            objects[key] = S3Object(key: key, document: row.document(1))
        }
        try? journal.rows.forEach("SELECT id, key, document FROM s3_uploads WHERE bucket = ?", name) { row in
            uploads[row.text(0)] = MultipartUpload(id: row.text(0), key: row.text(1), document: row.document(2))
        }
        try? journal.rows.forEach("SELECT upload, number, document FROM s3_parts WHERE bucket = ?", name) { row in
            uploads[row.text(0)]?.parts[row.int(1)] = UploadedPart(number: row.int(1), document: row.document(2))
        }
        return (objects, Array(uploads.values))
    }
}
