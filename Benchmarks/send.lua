-- wrk: SendMessage with a 256-byte body, awsJson 1.0.
local body = string.format('{"QueueUrl":"%s","MessageBody":"%s"}', os.getenv("QUEUE_URL"), string.rep("x", 256))
wrk.method = "POST"
wrk.body = body
wrk.headers["Content-Type"] = "application/x-amz-json-1.0"
wrk.headers["X-Amz-Target"] = "AmazonSQS.SendMessage"
wrk.headers["Authorization"] = "AWS4-HMAC-SHA256 Credential=bench/20260101/us-east-1/sqs/aws4_request, SignedHeaders=host, Signature=0"
