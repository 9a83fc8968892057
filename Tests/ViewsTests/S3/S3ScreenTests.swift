import AWSClient
import AWSModel
import AWSTypes
import TerminalUI
import Testing

@testable import Views

@Suite struct S3ScreenTests {
    private static let content = #"{"orderId":"A-1042","total":250,"items":["book","pen"]}"#

    private func services() -> CannedServices {
        let services = CannedServices()
        services.answer(S3.listBuckets) { _ in
            .init(buckets: [
                .init(name: "invoices", creationDate: .ago(86_400), bucketRegion: "us-east-1"),
                .init(name: "uploads", creationDate: .ago(7200), bucketRegion: "eu-central-1"),
            ])
        }
        services.answer(S3.listObjectsV2) { input in
            if input.prefix == "orders/" {
                return .init(contents: [
                    .init(key: "orders/a.json", lastModified: .ago(60), size: 55, storageClass: "STANDARD")
                ])
            }
            return .init(
                isTruncated: false,
                contents: [
                    .init(key: "readme.txt", lastModified: .ago(3600), size: 12, storageClass: "STANDARD"),
                    .init(key: "video.mp4", lastModified: .ago(90), size: 48_213_004, storageClass: "GLACIER"),
                ], commonPrefixes: [.init(prefix: "images/"), .init(prefix: "orders/")])
        }
        services.answer(S3.headObject) { _ in
            .init(
                lastModified: .ago(60), contentLength: Self.content.utf8.count, eTag: #""d41d8cd98f00b204""#,
                contentType: "application/json", metadata: ["origin": "shop"])
        }
        services.answer(S3.getObject) { _ in .init(body: Array(Self.content.utf8)) }
        services.answer(S3.getObjectTagging) { _ in .init(tagSet: [.init(key: "team", value: "shop")]) }
        return services
    }

    private func console(_ services: CannedServices, _ root: any Screen) async -> (TestTerminal, ConsoleApplication) {
        let terminal = TestTerminal(size: .standard)
        let console = ConsoleApplication(
            driver: terminal, catalog: ConsoleScreens.catalog, root: root, context: services.context(),
            status: CannedServices.status)
        await console.begin()
        return (terminal, console)
    }

    private static let screens: [(name: String, make: @Sendable () -> any Screen)] = [
        ("s3-buckets", { BucketListScreen() }),
        ("s3-bucket", { BucketScreen(bucket: "uploads") }),
        ("s3-object", { ObjectScreen(bucket: "uploads", key: "orders/a.json") }),
    ]

    @Test(arguments: screens.indices) func `each screen`(_ index: Int) async {
        let (name, make) = Self.screens[index]
        for (size, suffix) in [(Size.standard, "80x24"), (Size.large, "120x40")] {
            let buffer = await ScreenPrinter.frame(
                of: make(), context: services().context(), status: CannedServices.status, size: size, isWhole: true)
            #expect(Snapshot.difference(PlainTextPainter.paint(buffer), "\(name)-\(suffix)") == nil)
        }
    }

    @Test func `folders are walked down and up`() async {
        let services = services()
        let (terminal, console) = await console(services, BucketScreen(bucket: "uploads"))
        await console.press("j", .enter)
        #expect(terminal.text.contains("s3://uploads/orders/"))
        #expect(terminal.text.contains("a.json"))
        #expect(services.inputs(S3.listObjectsV2).map { $0.prefix ?? "" } == ["", "orders/"])
        await console.press(.escape)
        #expect(terminal.text.contains("readme.txt"))
        await console.press("o")
        #expect(terminal.text.contains("A folder is no object"))
    }

    @Test func `what is typed is put under its key`() async {
        let services = services()
        services.answer(S3.putObject) { _ in .init() }
        let (_, console) = await console(services, BucketScreen(bucket: "uploads", prefix: "orders/"))
        await console.press("u", .tab)
        await console.type("b.txt")
        await console.press(.tab)
        await console.type("hello")
        await console.press(.control("s"))
        let sent = services.inputs(S3.putObject).first
        #expect(sent?.key == "orders/b.txt")
        #expect(sent?.body == Array("hello".utf8))
    }

    @Test func `objects are deleted together, folders are not`() async {
        let services = services()
        services.answer(S3.deleteObjects) { _ in .init() }
        let (_, console) = await console(services, BucketScreen(bucket: "uploads"))
        await console.press("j", "j", .space, .space, "d")
        await console.type("delete")
        await console.press(.enter)
        let keys = services.inputs(S3.deleteObjects).first?.delete.objects.map(\.key)
        #expect(keys == ["readme.txt", "video.mp4"])
    }

    @Test func `names of buckets are checked as they are typed`() {
        #expect(BucketListScreen.nameProblem("my-bucket.2026") == nil)
        #expect(BucketListScreen.nameProblem("My") == "At least 3 characters")
        #expect(BucketListScreen.nameProblem("Mine") != nil)
        #expect(BucketListScreen.nameProblem("-mine") != nil)
        #expect(BucketListScreen.nameProblem("a..b") != nil)
    }
}
