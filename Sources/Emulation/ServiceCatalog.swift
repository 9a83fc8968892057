/// The services of the engine, in the order in which they are restored. Adding one is its folder and one line here.
public enum ServiceCatalog {
    public static var all: [(EngineCore) -> any Service] {
        [
            { CloudWatchService(core: $0) },
            { LogsService(core: $0) },
            { IAMService(core: $0) },
            { STSService(core: $0) },
            { SQSService(core: $0) },
            { SNSService(core: $0) },
            { LambdaService(core: $0) },
            { S3Service(core: $0) },
            { StepFunctionsService(core: $0) },
            { EventsService(core: $0) },
            { SchedulerService(core: $0) },
            { PipesService(core: $0) },
            { SkuaService(core: $0) },
        ]
    }
}
