"""S3 through boto3 and the AWS CLI: buckets, objects, listings, uploads in parts, and what is left after kill -9."""

import base64
import hashlib
import io
import os
import subprocess
import sys
import urllib.request
import zlib

from harness import Engine, check, contains, environment, equal, refuses, run, scratch

engine = None
s3 = None
BIG = bytes(range(256)) * (20 * 4096)  # 20 MiB


def setup():
    global engine, s3
    engine = Engine()
    s3 = engine.client("s3")


def test_buckets():
    equal(s3.create_bucket(Bucket="photos")["Location"], "/photos", "the location")
    s3.create_bucket(Bucket="photos")
    equal([b["Name"] for b in s3.list_buckets()["Buckets"]], ["photos"], "the buckets")
    equal(s3.get_bucket_location(Bucket="photos")["LocationConstraint"], None, "the oldest region")
    s3.create_bucket(Bucket="elsewhere", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    equal(s3.get_bucket_location(Bucket="elsewhere")["LocationConstraint"], "eu-west-1", "another region")
    with refuses("BucketAlreadyOwnedByYou", status=409):
        s3.create_bucket(Bucket="elsewhere", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    with refuses("InvalidBucketName", status=400):
        s3.create_bucket(Bucket="Photos.")
    equal(s3.head_bucket(Bucket="elsewhere")["BucketRegion"], "eu-west-1", "the region in a header")
    with refuses("404", status=404):
        s3.head_bucket(Bucket="nowhere")
    with refuses("NoSuchBucket", "The specified bucket does not exist", status=404):
        s3.list_objects_v2(Bucket="nowhere")
    s3.put_object(Bucket="elsewhere", Key="k", Body=b"1")
    with refuses("BucketNotEmpty", status=409):
        s3.delete_bucket(Bucket="elsewhere")
    s3.delete_object(Bucket="elsewhere", Key="k")
    s3.delete_bucket(Bucket="elsewhere")
    with refuses("NotImplemented", status=501):
        s3.put_bucket_acl(Bucket="photos", ACL="public-read")


def test_objects():
    put = s3.put_object(
        Bucket="photos", Key="a b/ü+.txt", Body=b"hello world", ContentType="text/plain", Metadata={"Owner": "me"},
        CacheControl="no-cache")
    equal(put["ETag"], '"%s"' % hashlib.md5(b"hello world").hexdigest(), "the entity tag")
    crc = base64.b64encode(zlib.crc32(b"hello world").to_bytes(4, "big")).decode()
    equal(put["ChecksumCRC32"], crc, "the checksum the client sent")
    got = s3.get_object(Bucket="photos", Key="a b/ü+.txt")
    equal(got["Body"].read(), b"hello world", "the body")
    equal((got["ContentType"], got["Metadata"], got["CacheControl"]), ("text/plain", {"owner": "me"}, "no-cache"), "headers")
    equal(got["ChecksumCRC32"], crc, "the checksum it was kept with")
    part = s3.get_object(Bucket="photos", Key="a b/ü+.txt", Range="bytes=6-")
    equal((part["Body"].read(), part["ContentRange"]), (b"world", "bytes 6-10/11"), "a range")
    equal(part["ResponseMetadata"]["HTTPStatusCode"], 206, "its status")
    equal(s3.get_object(Bucket="photos", Key="a b/ü+.txt", Range="bytes=-3")["Body"].read(), b"rld", "the end")
    with refuses("InvalidRange", status=416):
        s3.get_object(Bucket="photos", Key="a b/ü+.txt", Range="bytes=11-")
    with refuses("304", status=304):
        s3.get_object(Bucket="photos", Key="a b/ü+.txt", IfNoneMatch=put["ETag"])
    with refuses("PreconditionFailed", status=412):
        s3.get_object(Bucket="photos", Key="a b/ü+.txt", IfMatch='"0"')
    with refuses("PreconditionFailed", status=412):
        s3.put_object(Bucket="photos", Key="a b/ü+.txt", Body=b"", IfNoneMatch="*")
    with refuses("NoSuchKey", "The specified key does not exist.", status=404):
        s3.get_object(Bucket="photos", Key="none")
    head = s3.head_object(Bucket="photos", Key="a b/ü+.txt")
    equal(head["ContentLength"], 11, "the length in a header")
    with refuses("404", status=404):
        s3.head_object(Bucket="photos", Key="none")
    with refuses("BadDigest", status=400):
        s3.put_object(Bucket="photos", Key="bad", Body=b"x", ContentMD5=base64.b64encode(b"0" * 16).decode())
    equal(
        s3.get_object(Bucket="photos", Key="a b/ü+.txt", ResponseContentType="a/b")["ContentType"], "a/b", "an override")
    attributes = s3.get_object_attributes(
        Bucket="photos", Key="a b/ü+.txt", ObjectAttributes=["ETag", "ObjectSize", "Checksum", "StorageClass"])
    equal((attributes["ObjectSize"], attributes["Checksum"]["ChecksumCRC32"]), (11, crc), "its attributes")
    for key in ["folder/", "a//b", "..", "x?y&z=1%2F"]:
        s3.put_object(Bucket="photos", Key=key, Body=key.encode())
        equal(s3.get_object(Bucket="photos", Key=key)["Body"].read(), key.encode(), f"the object {key!r}")
        s3.delete_object(Bucket="photos", Key=key)
    s3.put_object(Bucket="photos", Key="empty", Body=b"")
    equal(s3.get_object(Bucket="photos", Key="empty")["Body"].read(), b"", "an empty object")


def test_copies_and_tags():
    s3.put_object(Bucket="photos", Key="one", Body=b"1", Metadata={"a": "b"}, Tagging="x=1&y=two+words")
    copied = s3.copy_object(Bucket="photos", Key="zwei ü", CopySource={"Bucket": "photos", "Key": "one"})
    equal(copied["CopyObjectResult"]["ETag"], '"%s"' % hashlib.md5(b"1").hexdigest(), "the copy's entity tag")
    equal(s3.head_object(Bucket="photos", Key="zwei ü")["Metadata"], {"a": "b"}, "the copy's metadata")
    equal(
        s3.get_object_tagging(Bucket="photos", Key="zwei ü")["TagSet"],
        [{"Key": "x", "Value": "1"}, {"Key": "y", "Value": "two words"}], "the copy's tags")
    with refuses("InvalidRequest"):
        s3.copy_object(Bucket="photos", Key="one", CopySource="photos/one")
    s3.put_object_tagging(Bucket="photos", Key="one", Tagging={"TagSet": [{"Key": "k", "Value": "v"}]})
    equal(s3.get_object_tagging(Bucket="photos", Key="one")["TagSet"], [{"Key": "k", "Value": "v"}], "new tags")
    s3.delete_object_tagging(Bucket="photos", Key="one")
    with refuses("NoSuchTagSet", status=404):
        s3.get_bucket_tagging(Bucket="photos")
    s3.put_bucket_tagging(Bucket="photos", Tagging={"TagSet": [{"Key": "team", "Value": "a"}]})
    equal(s3.get_bucket_tagging(Bucket="photos")["TagSet"], [{"Key": "team", "Value": "a"}], "the bucket's tags")


def test_listings():
    s3.create_bucket(Bucket="listed")
    keys = [f"{folder}/{n:03}" for folder in ("a", "b", "c c") for n in range(400)] + ["top"]
    for key in keys:
        s3.put_object(Bucket="listed", Key=key, Body=b"")
    pages = list(s3.get_paginator("list_objects_v2").paginate(Bucket="listed"))
    equal([p["KeyCount"] for p in pages], [1000, 201], "the pages")
    equal([o["Key"] for p in pages for o in p["Contents"]], sorted(keys), "all keys")
    for operation in ("list_objects_v2", "list_objects"):
        for size in (1, 2, 1000):
            pages = list(s3.get_paginator(operation).paginate(
                Bucket="listed", Delimiter="/", PaginationConfig={"PageSize": size}))
            equal(
                [c["Prefix"] for p in pages for c in p.get("CommonPrefixes", [])], ["a/", "b/", "c c/"],
                f"the folders by {size}")
            equal([o["Key"] for p in pages for o in p.get("Contents", [])], ["top"], f"what is beside them by {size}")
    under = s3.list_objects_v2(Bucket="listed", Prefix="c c/", StartAfter="c c/397")
    equal([o["Key"] for o in under["Contents"]], ["c c/398", "c c/399"], "after a key")
    answer = s3.delete_objects(Bucket="listed", Delete={"Objects": [{"Key": k} for k in keys[:1000]]})
    equal(len(answer["Deleted"]), 1000, "deleted in one call")
    equal(s3.list_objects_v2(Bucket="listed")["KeyCount"], 201, "what is left")


def test_uploads_in_parts():
    s3.upload_fileobj(io.BytesIO(BIG), "photos", "big", ExtraArgs={"Metadata": {"m": "1"}})
    head = s3.head_object(Bucket="photos", Key="big")
    equal((head["ContentLength"], head["ETag"][-3:], head["Metadata"]), (len(BIG), '-3"', {"m": "1"}), "the object")
    back = io.BytesIO()
    s3.download_fileobj("photos", "big", back)
    check(back.getvalue() == BIG, "the same bytes come back")
    part = s3.get_object(Bucket="photos", Key="big", PartNumber=3)
    equal(part["PartsCount"], 3, "the number of parts")
    check(part["Body"].read() == BIG[16 << 20:], "the last part")
    edge = s3.get_object(Bucket="photos", Key="big", Range=f"bytes={(8 << 20) - 2}-{(8 << 20) + 1}")["Body"].read()
    check(edge == BIG[(8 << 20) - 2:(8 << 20) + 2], "a range over the edge of two parts")
    s3.copy({"Bucket": "photos", "Key": "big"}, "photos", "big copy")
    check(s3.get_object(Bucket="photos", Key="big copy")["Body"].read() == BIG, "the copy's bytes")
    upload = s3.create_multipart_upload(Bucket="photos", Key="slow")["UploadId"]
    with refuses("NoSuchUpload", status=404):
        s3.upload_part(Bucket="photos", Key="slow", UploadId="0", PartNumber=1, Body=b"x")
    first = s3.upload_part(Bucket="photos", Key="slow", UploadId=upload, PartNumber=1, Body=b"x")["ETag"]
    second = s3.upload_part(Bucket="photos", Key="slow", UploadId=upload, PartNumber=2, Body=b"y")["ETag"]
    equal([u["Key"] for u in s3.list_multipart_uploads(Bucket="photos")["Uploads"]], ["slow"], "uploads under way")
    equal(
        [(p["PartNumber"], p["Size"]) for p in s3.list_parts(Bucket="photos", Key="slow", UploadId=upload)["Parts"]],
        [(1, 1), (2, 1)], "its parts")
    parts = [{"PartNumber": 1, "ETag": first}, {"PartNumber": 2, "ETag": second}]
    with refuses("EntityTooSmall"):
        s3.complete_multipart_upload(Bucket="photos", Key="slow", UploadId=upload, MultipartUpload={"Parts": parts})
    with refuses("InvalidPartOrder"):
        s3.complete_multipart_upload(
            Bucket="photos", Key="slow", UploadId=upload, MultipartUpload={"Parts": parts[::-1]})
    s3.abort_multipart_upload(Bucket="photos", Key="slow", UploadId=upload)
    check("Uploads" not in s3.list_multipart_uploads(Bucket="photos"), "no upload is left")


def test_streams_and_hosts():
    body = b"5;chunk-signature=0\r\nhello\r\n6\r\n world\r\n0\r\nx-amz-checksum-crc32:DUoRhQ==\r\n\r\n"
    authorization = "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0"
    headers = {
        "Authorization": authorization, "x-amz-content-sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
        "Content-Encoding": "aws-chunked", "x-amz-trailer": "x-amz-checksum-crc32", "x-amz-decoded-content-length": "11"}

    def send(method, path, host=None, data=None):
        request = urllib.request.Request(f"http://127.0.0.1:{engine.port}{path}", data=data, method=method)
        for name, value in (headers if data else {"Authorization": authorization}).items():
            request.add_header(name, value)
        if host:
            request.add_header("Host", host)
        return urllib.request.urlopen(request)

    send("PUT", "/photos/streamed", data=body)
    got = s3.get_object(Bucket="photos", Key="streamed")
    equal((got["Body"].read(), got.get("ContentEncoding")), (b"hello world", None), "the streamed body")
    for host in ("photos.s3.us-east-1.amazonaws.com", "photos.s3.localhost:4566", "photos.localhost"):
        equal(send("GET", "/streamed", host).read(), b"hello world", f"by the host {host}")
    url = s3.generate_presigned_url("get_object", Params={"Bucket": "photos", "Key": "streamed"})
    equal(urllib.request.urlopen(url).read(), b"hello world", "by a presigned URL")


def aws(*arguments):
    done = subprocess.run(
        [sys.executable, "-m", "awscli", "--endpoint-url", f"http://127.0.0.1:{engine.port}", "s3", *arguments],
        env=environment(), capture_output=True, text=True)
    equal(done.returncode, 0, f"aws s3 {' '.join(arguments)}: {done.stderr}")
    return done.stdout


def test_command_line():
    folder = scratch("files")
    os.makedirs(folder + "/in/sub")
    for name, body in {"one.txt": b"1", "sub/two.txt": b"22", "big.bin": BIG}.items():
        with open(f"{folder}/in/{name}", "wb") as file:
            file.write(body)
    aws("mb", "s3://line")
    aws("cp", f"{folder}/in/one.txt", "s3://line/first.txt")
    contains(aws("ls", "s3://line"), "first.txt", "the listing")
    aws("sync", f"{folder}/in", "s3://line/tree")
    contains(aws("ls", "s3://line/tree/"), "PRE sub/", "the folder")
    aws("sync", "s3://line/tree", f"{folder}/out")
    with open(f"{folder}/out/big.bin", "rb") as file:
        check(file.read() == BIG, "the big file came back")
    equal(aws("sync", "s3://line/tree", f"{folder}/out"), "", "nothing to do the second time")
    aws("mv", "s3://line/first.txt", "s3://line/second.txt")
    aws("rm", "s3://line/tree", "--recursive")
    equal([l.split()[-1] for l in aws("ls", "s3://line", "--recursive").splitlines()], ["second.txt"], "what is left")
    aws("rb", "s3://line", "--force")


def test_settings_of_a_new_bucket():
    s3.create_bucket(Bucket="plain")
    check("Status" not in s3.get_bucket_versioning(Bucket="plain"), "a new bucket keeps versions")
    rules = s3.get_bucket_encryption(Bucket="plain")["ServerSideEncryptionConfiguration"]["Rules"]
    equal(rules[0]["ApplyServerSideEncryptionByDefault"], {"SSEAlgorithm": "AES256"}, "the encryption")
    check(all(s3.get_public_access_block(Bucket="plain")["PublicAccessBlockConfiguration"].values()), "it is open")
    owner = s3.list_buckets()["Owner"]["ID"]
    equal([g["Grantee"]["ID"] for g in s3.get_bucket_acl(Bucket="plain")["Grants"]], [owner], "who may use it")
    with refuses("NoSuchBucketPolicy", "The bucket policy does not exist", 404):
        s3.get_bucket_policy(Bucket="plain")
    with refuses("NoSuchLifecycleConfiguration", status=404):
        s3.get_bucket_lifecycle_configuration(Bucket="plain")
    for key in ["a", "b c", "d/e"]:
        s3.put_object(Bucket="plain", Key=key, Body=key.encode())
    pages = s3.get_paginator("list_object_versions").paginate(
        Bucket="plain", PaginationConfig={"PageSize": 2})
    versions = [v for page in pages for v in page.get("Versions", [])]
    equal([(v["Key"], v["VersionId"], v["IsLatest"]) for v in versions],
          [(key, "null", True) for key in ["a", "b c", "d/e"]], "the versions")
    s3.delete_objects(
        Bucket="plain", Delete={"Objects": [{"Key": v["Key"], "VersionId": v["VersionId"]} for v in versions]})
    s3.delete_bucket(Bucket="plain")


def test_nothing_is_lost():
    upload = s3.create_multipart_upload(Bucket="photos", Key="later")["UploadId"]
    part = s3.upload_part(Bucket="photos", Key="later", UploadId=upload, PartNumber=1, Body=b"part")
    s3.put_object(Bucket="photos", Key="last", Body=b"last")
    engine.process.kill()
    engine.process.wait()
    engine.restart()
    equal(s3.get_object(Bucket="photos", Key="last")["Body"].read(), b"last", "the last object")
    check(s3.get_object(Bucket="photos", Key="big")["Body"].read() == BIG, "the one in parts")
    s3.complete_multipart_upload(
        Bucket="photos", Key="later", UploadId=upload,
        MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]})
    equal(s3.get_object(Bucket="photos", Key="later")["Body"].read(), b"part", "the upload that was under way")


if __name__ == "__main__":
    run(globals())
