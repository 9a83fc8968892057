/// `/var/runtime/sdk/services.js`: the services the SDK stand-in speaks to, as data.
let nodeServices = #"""
    'use strict';

    const words = (text) => text.trim().split(/\s+/);

    module.exports = [
      {
        name: 'SQS', legacyName: 'SQS', package: 'client-sqs', endpointVariable: 'SQS', signingName: 'sqs',
        protocol: 'json', target: 'AmazonSQS', contentType: 'application/x-amz-json-1.0',
        operations: words(`AddPermission CancelMessageMoveTask ChangeMessageVisibility ChangeMessageVisibilityBatch CreateQueue
          DeleteMessage DeleteMessageBatch DeleteQueue GetQueueAttributes GetQueueUrl ListDeadLetterSourceQueues
          ListMessageMoveTasks ListQueueTags ListQueues PurgeQueue ReceiveMessage RemovePermission SendMessage
          SendMessageBatch SetQueueAttributes StartMessageMoveTask TagQueue UntagQueue`),
        errors: words(`BatchEntryIdsNotDistinct BatchRequestTooLong EmptyBatchRequest InvalidAddress InvalidAttributeName
          InvalidAttributeValue InvalidBatchEntryId InvalidIdFormat InvalidMessageContents InvalidSecurity
          KmsAccessDenied KmsDisabled KmsInvalidKeyUsage KmsInvalidState KmsNotFound KmsOptInRequired KmsThrottled
          MessageNotInflight OverLimit PurgeQueueInProgress QueueDeletedRecently QueueDoesNotExist QueueNameExists
          ReceiptHandleIsInvalid RequestThrottled ResourceNotFoundException TooManyEntriesInBatchRequest
          UnsupportedOperation`),
      },
      {
        name: 'SFN', legacyName: 'StepFunctions', package: 'client-sfn', endpointVariable: 'SFN', signingName: 'states',
        protocol: 'json', target: 'AWSStepFunctions', contentType: 'application/x-amz-json-1.0',
        dates: /^(startDate|stopDate|creationDate|updateDate|redriveDate|timestamp)$/,
        operations: words(`CreateActivity CreateStateMachine CreateStateMachineAlias DeleteActivity DeleteStateMachine
          DeleteStateMachineAlias DeleteStateMachineVersion DescribeActivity DescribeExecution DescribeMapRun
          DescribeStateMachine DescribeStateMachineAlias DescribeStateMachineForExecution GetActivityTask
          GetExecutionHistory ListActivities ListExecutions ListMapRuns ListStateMachineAliases ListStateMachineVersions
          ListStateMachines ListTagsForResource PublishStateMachineVersion RedriveExecution SendTaskFailure
          SendTaskHeartbeat SendTaskSuccess StartExecution StartSyncExecution StopExecution TagResource TestState
          UntagResource UpdateMapRun UpdateStateMachine UpdateStateMachineAlias ValidateStateMachineDefinition`),
        errors: words(`ActivityAlreadyExists ActivityDoesNotExist ActivityLimitExceeded ActivityWorkerLimitExceeded ConflictException
          ExecutionAlreadyExists ExecutionDoesNotExist ExecutionLimitExceeded ExecutionNotRedrivable InvalidArn
          InvalidDefinition InvalidEncryptionConfiguration InvalidExecutionInput InvalidLoggingConfiguration InvalidName
          InvalidOutput InvalidToken InvalidTracingConfiguration KmsAccessDeniedException KmsInvalidStateException
          KmsThrottlingException MissingRequiredParameter ResourceNotFound ServiceQuotaExceededException
          StateMachineAlreadyExists StateMachineDeleting StateMachineDoesNotExist StateMachineLimitExceeded
          StateMachineTypeNotSupported TaskDoesNotExist TaskTimedOut TooManyTags ValidationException`),
      },
      {
        name: 'DynamoDB', legacyName: 'DynamoDB', package: 'client-dynamodb', endpointVariable: 'DYNAMODB', signingName: 'dynamodb',
        protocol: 'json', target: 'DynamoDB_20120810', contentType: 'application/x-amz-json-1.0',
        dates: /(DateTime|Date)$/,
        operations: words(`BatchExecuteStatement BatchGetItem BatchWriteItem CreateBackup CreateGlobalTable CreateTable DeleteBackup
          DeleteItem DeleteResourcePolicy DeleteTable DescribeBackup DescribeContinuousBackups
          DescribeContributorInsights DescribeEndpoints DescribeExport DescribeGlobalTable DescribeGlobalTableSettings
          DescribeImport DescribeKinesisStreamingDestination DescribeLimits DescribeTable
          DescribeTableReplicaAutoScaling DescribeTimeToLive DisableKinesisStreamingDestination
          EnableKinesisStreamingDestination ExecuteStatement ExecuteTransaction ExportTableToPointInTime GetItem
          GetResourcePolicy ImportTable ListBackups ListContributorInsights ListExports ListGlobalTables ListImports
          ListTables ListTagsOfResource PutItem PutResourcePolicy Query RestoreTableFromBackup RestoreTableToPointInTime
          Scan TagResource TransactGetItems TransactWriteItems UntagResource UpdateContinuousBackups
          UpdateContributorInsights UpdateGlobalTable UpdateGlobalTableSettings UpdateItem
          UpdateKinesisStreamingDestination UpdateTable UpdateTableReplicaAutoScaling UpdateTimeToLive`),
        errors: words(`BackupInUseException BackupNotFoundException ConditionalCheckFailedException
          ContinuousBackupsUnavailableException DuplicateItemException ExportConflictException ExportNotFoundException
          GlobalTableAlreadyExistsException GlobalTableNotFoundException IdempotentParameterMismatchException
          ImportConflictException ImportNotFoundException IndexNotFoundException InternalServerError
          InvalidExportTimeException InvalidRestoreTimeException ItemCollectionSizeLimitExceededException
          LimitExceededException PointInTimeRecoveryUnavailableException PolicyNotFoundException
          ProvisionedThroughputExceededException ReplicaAlreadyExistsException ReplicaNotFoundException
          ReplicatedWriteConflictException RequestLimitExceeded ResourceInUseException ResourceNotFoundException
          TableAlreadyExistsException TableInUseException TableNotFoundException ThrottlingException
          TransactionCanceledException TransactionConflictException TransactionInProgressException`),
      },
      {
        name: 'CloudWatch', legacyName: 'CloudWatch', package: 'client-cloudwatch', endpointVariable: 'CLOUDWATCH', signingName: 'monitoring',
        protocol: 'json', target: 'GraniteServiceVersion20100801', contentType: 'application/x-amz-json-1.0',
        dates: /Timestamps?$|^(LastModified|StartTime|EndTime)$/,
        errorNames: {
          InvalidParameterInput: 'DashboardInvalidInputError', ResourceNotFound: 'DashboardNotFoundError',
          InternalServiceError: 'InternalServiceFault', InvalidFormat: 'InvalidFormatFault',
          InvalidParameterCombination: 'InvalidParameterCombinationException',
          InvalidParameterValue: 'InvalidParameterValueException', LimitExceeded: 'LimitExceededFault',
          MissingParameter: 'MissingRequiredParameterException',
        },
        operations: words(`DeleteAlarmMuteRule DeleteAlarms DeleteAnomalyDetector DeleteDashboards DeleteInsightRules DeleteMetricStream
          DescribeAlarmContributors DescribeAlarmHistory DescribeAlarms DescribeAlarmsForMetric DescribeAnomalyDetectors
          DescribeInsightRules DisableAlarmActions DisableInsightRules EnableAlarmActions EnableInsightRules
          GetAlarmMuteRule GetDashboard GetInsightRuleReport GetMetricData GetMetricStatistics GetMetricStream
          GetMetricWidgetImage GetOTelEnrichment ListAlarmMuteRules ListDashboards ListManagedInsightRules
          ListMetricStreams ListMetrics ListTagsForResource PutAlarmMuteRule PutAnomalyDetector PutCompositeAlarm
          PutDashboard PutInsightRule PutManagedInsightRules PutMetricAlarm PutMetricData PutMetricStream SetAlarmState
          StartMetricStreams StartOTelEnrichment StopMetricStreams StopOTelEnrichment TagResource UntagResource`),
        errors: words(`ConcurrentModificationException ConflictException DashboardInvalidInputError DashboardNotFoundError
          InternalServiceFault InvalidFormatFault InvalidNextToken InvalidParameterCombinationException
          InvalidParameterValueException LimitExceededException LimitExceededFault MissingRequiredParameterException
          ResourceNotFound ResourceNotFoundException`),
      },
      {
        name: 'CloudWatchLogs', legacyName: 'CloudWatchLogs', package: 'client-cloudwatch-logs', endpointVariable: 'CLOUDWATCH_LOGS', signingName: 'logs',
        protocol: 'json', target: 'Logs_20140328', contentType: 'application/x-amz-json-1.1',
        operations: words(`AssociateKmsKey AssociateSourceToS3TableIntegration CancelExportTask CancelImportTask CreateDelivery
          CreateExportTask CreateImportTask CreateLogAnomalyDetector CreateLogGroup CreateLogStream CreateLookupTable
          CreateScheduledQuery DeleteAccountPolicy DeleteDataProtectionPolicy DeleteDelivery DeleteDeliveryDestination
          DeleteDeliveryDestinationPolicy DeleteDeliverySource DeleteDestination DeleteIndexPolicy DeleteIntegration
          DeleteLogAnomalyDetector DeleteLogGroup DeleteLogStream DeleteLookupTable DeleteMetricFilter
          DeleteQueryDefinition DeleteResourcePolicy DeleteRetentionPolicy DeleteScheduledQuery DeleteSubscriptionFilter
          DeleteTransformer DescribeAccountPolicies DescribeConfigurationTemplates DescribeDeliveries
          DescribeDeliveryDestinations DescribeDeliverySources DescribeDestinations DescribeExportTasks
          DescribeFieldIndexes DescribeImportTaskBatches DescribeImportTasks DescribeIndexPolicies DescribeLogGroups
          DescribeLogStreams DescribeLookupTables DescribeMetricFilters DescribeQueries DescribeQueryDefinitions
          DescribeResourcePolicies DescribeSubscriptionFilters DisassociateKmsKey
          DisassociateSourceFromS3TableIntegration FilterLogEvents GetDataProtectionPolicy GetDelivery
          GetDeliveryDestination GetDeliveryDestinationPolicy GetDeliverySource GetIntegration GetLogAnomalyDetector
          GetLogEvents GetLogFields GetLogGroupFields GetLogObject GetLogRecord GetLookupTable GetQueryResults
          GetScheduledQuery GetScheduledQueryHistory GetTransformer ListAggregateLogGroupSummaries ListAnomalies
          ListIntegrations ListLogAnomalyDetectors ListLogGroups ListLogGroupsForQuery ListScheduledQueries
          ListSourcesForS3TableIntegration ListTagsForResource ListTagsLogGroup PutAccountPolicy
          PutBearerTokenAuthentication PutDataProtectionPolicy PutDeliveryDestination PutDeliveryDestinationPolicy
          PutDeliverySource PutDestination PutDestinationPolicy PutIndexPolicy PutIntegration PutLogEvents
          PutLogGroupDeletionProtection PutMetricFilter PutQueryDefinition PutResourcePolicy PutRetentionPolicy
          PutSubscriptionFilter PutTransformer StartLiveTail StartQuery StopQuery TagLogGroup TagResource
          TestMetricFilter TestTransformer UntagLogGroup UntagResource UpdateAnomaly UpdateDeliveryConfiguration
          UpdateLogAnomalyDetector UpdateLookupTable UpdateScheduledQuery`),
        errors: words(`AccessDeniedException ConflictException DataAlreadyAcceptedException InternalServerException
          InternalStreamingException InvalidOperationException InvalidParameterException InvalidSequenceTokenException
          LimitExceededException MalformedQueryException OperationAbortedException ResourceAlreadyExistsException
          ResourceNotFoundException ServiceQuotaExceededException ServiceUnavailableException SessionStreamingException
          SessionTimeoutException ThrottlingException TooManyTagsException UnrecognizedClientException
          ValidationException`),
      },
      {
        name: 'SNS', legacyName: 'SNS', package: 'client-sns', endpointVariable: 'SNS', signingName: 'sns',
        protocol: 'query', version: '2010-03-31',
        errorNames: {
          AuthorizationError: 'AuthorizationErrorException',
          BatchEntryIdsNotDistinct: 'BatchEntryIdsNotDistinctException',
          BatchRequestTooLong: 'BatchRequestTooLongException', ConcurrentAccess: 'ConcurrentAccessException',
          EmptyBatchRequest: 'EmptyBatchRequestException', EndpointDisabled: 'EndpointDisabledException',
          FilterPolicyLimitExceeded: 'FilterPolicyLimitExceededException', InternalError: 'InternalErrorException',
          InvalidBatchEntryId: 'InvalidBatchEntryIdException', InvalidParameter: 'InvalidParameterException',
          ParameterValueInvalid: 'InvalidParameterValueException', InvalidSecurity: 'InvalidSecurityException',
          InvalidState: 'InvalidStateException', KMSAccessDenied: 'KMSAccessDeniedException',
          KMSDisabled: 'KMSDisabledException', KMSInvalidState: 'KMSInvalidStateException',
          KMSNotFound: 'KMSNotFoundException', KMSThrottling: 'KMSThrottlingException', NotFound: 'NotFoundException',
          OptedOut: 'OptedOutException', PlatformApplicationDisabled: 'PlatformApplicationDisabledException',
          ReplayLimitExceeded: 'ReplayLimitExceededException', ResourceNotFound: 'ResourceNotFoundException',
          StaleTag: 'StaleTagException', SubscriptionLimitExceeded: 'SubscriptionLimitExceededException',
          TagLimitExceeded: 'TagLimitExceededException', TagPolicy: 'TagPolicyException',
          Throttled: 'ThrottledException', TooManyEntriesInBatchRequest: 'TooManyEntriesInBatchRequestException',
          TopicLimitExceeded: 'TopicLimitExceededException', UserError: 'UserErrorException',
        },
        operations: words(`AddPermission CheckIfPhoneNumberIsOptedOut ConfirmSubscription CreatePlatformApplication
          CreatePlatformEndpoint CreateSMSSandboxPhoneNumber CreateTopic DeleteEndpoint DeletePlatformApplication
          DeleteSMSSandboxPhoneNumber DeleteTopic GetDataProtectionPolicy GetEndpointAttributes
          GetPlatformApplicationAttributes GetSMSAttributes GetSMSSandboxAccountStatus GetSubscriptionAttributes
          GetTopicAttributes ListEndpointsByPlatformApplication ListOriginationNumbers ListPhoneNumbersOptedOut
          ListPlatformApplications ListSMSSandboxPhoneNumbers ListSubscriptions ListSubscriptionsByTopic
          ListTagsForResource ListTopics OptInPhoneNumber Publish PublishBatch PutDataProtectionPolicy RemovePermission
          SetEndpointAttributes SetPlatformApplicationAttributes SetSMSAttributes SetSubscriptionAttributes
          SetTopicAttributes Subscribe TagResource Unsubscribe UntagResource VerifySMSSandboxPhoneNumber`),
        errors: words(`AuthorizationErrorException BatchEntryIdsNotDistinctException BatchRequestTooLongException
          ConcurrentAccessException EmptyBatchRequestException EndpointDisabledException
          FilterPolicyLimitExceededException InternalErrorException InvalidBatchEntryIdException
          InvalidParameterException InvalidParameterValueException InvalidSecurityException InvalidStateException
          KMSAccessDeniedException KMSDisabledException KMSInvalidStateException KMSNotFoundException KMSOptInRequired
          KMSThrottlingException NotFoundException OptedOutException PlatformApplicationDisabledException
          ReplayLimitExceededException ResourceNotFoundException StaleTagException SubscriptionLimitExceededException
          TagLimitExceededException TagPolicyException ThrottledException TooManyEntriesInBatchRequestException
          TopicLimitExceededException UserErrorException ValidationException VerificationException`),
      },
      {
        name: 'EventBridge', legacyName: 'EventBridge', package: 'client-eventbridge', endpointVariable: 'EVENTBRIDGE', signingName: 'events',
        protocol: 'json', target: 'AWSEvents', contentType: 'application/x-amz-json-1.1',
        dates: /^(CreationTime|LastModifiedTime|EventLastArchivedTime|ReplayStartTime|ReplayEndTime|EventStartTime|EventEndTime)$/,
        operations: words(`ActivateEventSource CancelReplay CreateApiDestination CreateArchive CreateConnection CreateEndpoint
          CreateEventBus CreatePartnerEventSource DeactivateEventSource DeauthorizeConnection DeleteApiDestination
          DeleteArchive DeleteConnection DeleteEndpoint DeleteEventBus DeletePartnerEventSource DeleteRule
          DescribeApiDestination DescribeArchive DescribeConnection DescribeEndpoint DescribeEventBus
          DescribeEventSource DescribePartnerEventSource DescribeReplay DescribeRule DisableRule EnableRule
          ListApiDestinations ListArchives ListConnections ListEndpoints ListEventBuses ListEventSources
          ListPartnerEventSourceAccounts ListPartnerEventSources ListReplays ListRuleNamesByTarget ListRules
          ListTagsForResource ListTargetsByRule PutEvents PutPartnerEvents PutPermission PutRule PutTargets
          RemovePermission RemoveTargets StartReplay TagResource TestEventPattern UntagResource UpdateApiDestination
          UpdateArchive UpdateConnection UpdateEndpoint UpdateEventBus`),
        errors: words(`AccessDeniedException ConcurrentModificationException IllegalStatusException InternalException
          InvalidEventPatternException InvalidStateException LimitExceededException ManagedRuleException
          OperationDisabledException PolicyLengthExceededException ResourceAlreadyExistsException
          ResourceNotFoundException ThrottlingException`),
      },
      {
        name: 'Kinesis', legacyName: 'Kinesis', package: 'client-kinesis', endpointVariable: 'KINESIS', signingName: 'kinesis',
        protocol: 'json', target: 'Kinesis_20131202', contentType: 'application/x-amz-json-1.1',
        dates: /Timestamp$/,
        operations: words(`AddTagsToStream CreateStream DecreaseStreamRetentionPeriod DeleteResourcePolicy DeleteStream
          DeregisterStreamConsumer DescribeAccountSettings DescribeLimits DescribeStream DescribeStreamConsumer
          DescribeStreamSummary DisableEnhancedMonitoring EnableEnhancedMonitoring GetRecords GetResourcePolicy
          GetShardIterator IncreaseStreamRetentionPeriod ListShards ListStreamConsumers ListStreams ListTagsForResource
          ListTagsForStream MergeShards PutRecord PutRecords PutResourcePolicy RegisterStreamConsumer
          RemoveTagsFromStream SplitShard StartStreamEncryption StopStreamEncryption SubscribeToShard TagResource
          UntagResource UpdateAccountSettings UpdateMaxRecordSize UpdateShardCount UpdateStreamMode
          UpdateStreamWarmThroughput`),
        errors: words(`AccessDeniedException ExpiredIteratorException ExpiredNextTokenException InternalFailureException
          InvalidArgumentException KMSAccessDeniedException KMSDisabledException KMSInvalidStateException
          KMSNotFoundException KMSOptInRequired KMSThrottlingException LimitExceededException
          ProvisionedThroughputExceededException ResourceInUseException ResourceNotFoundException ValidationException`),
      },
      {
        name: 'Firehose', legacyName: 'Firehose', package: 'client-firehose', endpointVariable: 'FIREHOSE', signingName: 'firehose',
        protocol: 'json', target: 'Firehose_20150804', contentType: 'application/x-amz-json-1.1',
        dates: /Timestamp$/,
        operations: words(`CreateDeliveryStream DeleteDeliveryStream DescribeDeliveryStream ListDeliveryStreams ListTagsForDeliveryStream
          PutRecord PutRecordBatch StartDeliveryStreamEncryption StopDeliveryStreamEncryption TagDeliveryStream
          UntagDeliveryStream UpdateDestination`),
        errors: words(`ConcurrentModificationException InvalidArgumentException InvalidKMSResourceException InvalidSourceException
          LimitExceededException ResourceInUseException ResourceNotFoundException ServiceUnavailableException`),
      },
      {
        name: 'KMS', legacyName: 'KMS', package: 'client-kms', endpointVariable: 'KMS', signingName: 'kms',
        protocol: 'json', target: 'TrentService', contentType: 'application/x-amz-json-1.1',
        dates: /Date$/,
        operations: words(`CancelKeyDeletion ConnectCustomKeyStore CreateAlias CreateCustomKeyStore CreateGrant CreateKey Decrypt
          DeleteAlias DeleteCustomKeyStore DeleteImportedKeyMaterial DeriveSharedSecret DescribeCustomKeyStores
          DescribeKey DisableKey DisableKeyRotation DisconnectCustomKeyStore EnableKey EnableKeyRotation Encrypt
          GenerateDataKey GenerateDataKeyPair GenerateDataKeyPairWithoutPlaintext GenerateDataKeyWithoutPlaintext
          GenerateMac GenerateRandom GetKeyLastUsage GetKeyPolicy GetKeyRotationStatus GetParametersForImport
          GetPublicKey ImportKeyMaterial ListAliases ListGrants ListKeyPolicies ListKeyRotations ListKeys
          ListResourceTags ListRetirableGrants PutKeyPolicy ReEncrypt ReplicateKey RetireGrant RevokeGrant
          RotateKeyOnDemand ScheduleKeyDeletion Sign TagResource UntagResource UpdateAlias UpdateCustomKeyStore
          UpdateKeyDescription UpdatePrimaryRegion Verify VerifyMac`),
        errors: words(`AlreadyExistsException CloudHsmClusterInUseException CloudHsmClusterInvalidConfigurationException
          CloudHsmClusterNotActiveException CloudHsmClusterNotFoundException CloudHsmClusterNotRelatedException
          ConflictException CustomKeyStoreHasCMKsException CustomKeyStoreInvalidStateException
          CustomKeyStoreNameInUseException CustomKeyStoreNotFoundException DependencyTimeoutException DisabledException
          DryRunOperationException ExpiredImportTokenException IncorrectKeyException IncorrectKeyMaterialException
          IncorrectTrustAnchorException InvalidAliasNameException InvalidArnException InvalidCiphertextException
          InvalidGrantIdException InvalidGrantTokenException InvalidImportTokenException InvalidKeyUsageException
          InvalidMarkerException KMSInternalException KMSInvalidMacException KMSInvalidSignatureException
          KMSInvalidStateException KeyUnavailableException LimitExceededException MalformedPolicyDocumentException
          NotFoundException TagException UnsupportedOperationException XksKeyAlreadyInUseException
          XksKeyInvalidConfigurationException XksKeyNotFoundException XksProxyIncorrectAuthenticationCredentialException
          XksProxyInvalidConfigurationException XksProxyInvalidResponseException XksProxyUriEndpointInUseException
          XksProxyUriInUseException XksProxyUriUnreachableException XksProxyVpcEndpointServiceInUseException
          XksProxyVpcEndpointServiceInvalidConfigurationException XksProxyVpcEndpointServiceNotFoundException`),
      },
      {
        name: 'SecretsManager', legacyName: 'SecretsManager', package: 'client-secrets-manager', endpointVariable: 'SECRETS_MANAGER', signingName: 'secretsmanager',
        protocol: 'json', target: 'secretsmanager', contentType: 'application/x-amz-json-1.1',
        dates: /Date$|^DeletionDate$/,
        operations: words(`BatchGetSecretValue CancelRotateSecret CreateSecret DeleteResourcePolicy DeleteSecret DescribeSecret
          GetRandomPassword GetResourcePolicy GetSecretValue ListSecretVersionIds ListSecrets PutResourcePolicy
          PutSecretValue RemoveRegionsFromReplication ReplicateSecretToRegions RestoreSecret RotateSecret
          StopReplicationToReplica TagResource UntagResource UpdateSecret UpdateSecretVersionStage
          ValidateResourcePolicy`),
        errors: words(`DecryptionFailure EncryptionFailure InternalServiceError InvalidNextTokenException InvalidParameterException
          InvalidRequestException LimitExceededException MalformedPolicyDocumentException PreconditionNotMetException
          PublicPolicyException ResourceExistsException ResourceNotFoundException`),
      },
      {
        name: 'SSM', legacyName: 'SSM', package: 'client-ssm', endpointVariable: 'SSM', signingName: 'ssm',
        protocol: 'json', target: 'AmazonSSM', contentType: 'application/x-amz-json-1.1',
        dates: /Date$/,
        operations: words(`DeleteParameter DeleteParameters DescribeParameters GetParameter GetParameterHistory GetParameters
          GetParametersByPath PutParameter`),
        errors: words(`ParameterAlreadyExists ParameterNotFound ParameterVersionNotFound ParameterLimitExceeded InternalServerError
          TooManyUpdates`),
      },
      {
        name: 'Lambda', legacyName: 'Lambda', package: 'client-lambda', endpointVariable: 'LAMBDA', signingName: 'lambda',
        protocol: 'lambda',
        operations: words(`GetFunction GetFunctionConfiguration GetPolicy Invoke ListAliases ListEventSourceMappings ListFunctions
          ListVersionsByFunction`),
        errors: words(`CapacityProviderLimitExceededException FunctionVersionsPerCapacityProviderLimitExceededException
          InvalidCodeSignatureException InvalidParameterValueException InvalidRequestContentException
          InvalidRuntimeException InvalidSecurityGroupIDException InvalidSubnetIDException InvalidZipFileException
          NoPublishedVersionException PolicyLengthExceededException PreconditionFailedException
          ProvisionedConcurrencyConfigNotFoundException RecursiveInvocationException RequestTooLargeException
          ResourceConflictException ResourceInUseException ResourceNotFoundException ResourceNotReadyException
          S3FilesMountConnectivityException S3FilesMountFailureException S3FilesMountTimeoutException
          SerializedRequestEntityTooLargeException ServiceException SubnetIPAddressLimitReachedException
          TooManyRequestsException UnsupportedMediaTypeException`),
      },
    ];
    """#
