/// The screens of S3 by name.
public enum S3Screens {
    public static let registrations: [ScreenRegistration] = [
        ScreenRegistration("s3.buckets", "S3 buckets", summary: "All buckets") { _ in BucketListScreen() },
        ScreenRegistration(
            "s3.bucket", "Bucket", summary: "Its objects, a folder at a time", arguments: ["BUCKET", "PREFIX?"]
        ) {
            BucketScreen(bucket: $0[0], prefix: $0.count > 1 ? $0[1] : nil)
        },
        ScreenRegistration(
            "s3.object", "Object", summary: "What it is, and how it begins", arguments: ["BUCKET", "KEY"]
        ) {
            ObjectScreen(bucket: $0[0], key: $0[1])
        },
    ]
}
