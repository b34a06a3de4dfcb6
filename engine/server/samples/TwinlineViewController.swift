// Twinline in an iOS app: the visitor's page in a WKWebView, with camera and microphone granted to it alone (iOS 15 and later).
// iOS 应用接入：在 WKWebView 中打开访客页，仅向该页面授予摄像头与麦克风（iOS 15 及以上）。
//
// Info.plist:
//   NSCameraUsageDescription      Video calls with our agents 用于与客服视频通话
//   NSMicrophoneUsageDescription  Video calls with our agents 用于与客服视频通话
//
// Needs a company account: an Apple Developer account to publish the app; Twinline needs none.
// 所需企业账号：仅发布应用所需的 Apple 开发者账号；Twinline 本身不需要。
// App id of this access point: {{APP_ID}}

import UIKit
import WebKit

final class TwinlineViewController: UIViewController, WKUIDelegate, WKNavigationDelegate {
    private let origin = URL(string: "{{ORIGIN}}")!
    /// From your server, which signs it with the access point's secret (see the web snippet); the secret must never be in the
    /// app. Ask for it just before opening: it is good for at most 5 minutes.
    var token: String?

    override func loadView() {
        let configuration = WKWebViewConfiguration()
        configuration.allowsInlineMediaPlayback = true
        configuration.mediaTypesRequiringUserActionForPlayback = []
        let web = WKWebView(frame: .zero, configuration: configuration)
        web.uiDelegate = self
        web.navigationDelegate = self
        view = web
        var address = URLComponents(string: "{{ORIGIN}}/v/{{ACCESS}}")!
        if let token { address.fragment = "host=\(token)" }
        web.load(URLRequest(url: address.url!))
    }

    private func isTwinline(_ scheme: String?, _ host: String?, _ port: Int?) -> Bool {
        let standard = origin.scheme == "https" ? 443 : 80
        let given = (port ?? 0) == 0 ? standard : port!
        return scheme == origin.scheme && host == origin.host && given == (origin.port ?? standard)
    }

    // The system asks the user once for the app; this says that the page need not ask again.
    func webView(_ webView: WKWebView, requestMediaCapturePermissionFor origin: WKSecurityOrigin, initiatedByFrame frame: WKFrameInfo,
                 type: WKMediaCaptureType, decisionHandler: @escaping (WKPermissionDecision) -> Void) {
        decisionHandler(isTwinline(origin.protocol, origin.host, origin.port) ? .grant : .deny)
    }

    // Anything else is not shown in here.
    func webView(_ webView: WKWebView, decidePolicyFor action: WKNavigationAction, decisionHandler: @escaping (WKNavigationActionPolicy) -> Void) {
        let url = action.request.url
        decisionHandler(isTwinline(url?.scheme, url?.host, url?.port) ? .allow : .cancel)
    }
}
