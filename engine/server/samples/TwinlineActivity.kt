// Twinline in an Android app: the visitor's page in a WebView, with camera and microphone granted to it alone.
// Android 应用接入：在 WebView 中打开访客页，仅向该页面授予摄像头与麦克风。
//
// AndroidManifest.xml:
//   <uses-permission android:name="android.permission.INTERNET" />
//   <uses-permission android:name="android.permission.CAMERA" />
//   <uses-permission android:name="android.permission.RECORD_AUDIO" />
//   <uses-permission android:name="android.permission.MODIFY_AUDIO_SETTINGS" />
//   <activity android:name=".TwinlineActivity" android:configChanges="orientation|screenSize|keyboardHidden" />
//
// Needs a company account: only a store's developer account to publish the app; Twinline needs none.
// 所需企业账号：仅应用商店的开发者账号；Twinline 本身不需要。
// App id of this access point: {{APP_ID}}

import android.Manifest
import android.annotation.SuppressLint
import android.app.Activity
import android.content.pm.PackageManager
import android.net.Uri
import android.os.Bundle
import android.webkit.PermissionRequest
import android.webkit.WebChromeClient
import android.webkit.WebResourceRequest
import android.webkit.WebView
import android.webkit.WebViewClient

class TwinlineActivity : Activity() {
    private val origin = Uri.parse("{{ORIGIN}}")
    private lateinit var web: WebView
    private var asked: PermissionRequest? = null

    @SuppressLint("SetJavaScriptEnabled")
    override fun onCreate(state: Bundle?) {
        super.onCreate(state)
        web = WebView(this)
        web.settings.javaScriptEnabled = true
        web.settings.domStorageEnabled = true
        web.settings.mediaPlaybackRequiresUserGesture = false
        web.webViewClient = object : WebViewClient() {
            // Anything else is not shown in here.
            override fun shouldOverrideUrlLoading(view: WebView, request: WebResourceRequest) = request.url.authority != origin.authority
        }
        web.webChromeClient = object : WebChromeClient() {
            override fun onPermissionRequest(request: PermissionRequest) {
                if (request.origin.scheme != origin.scheme || request.origin.authority != origin.authority) return request.deny()
                asked = request
                requestPermissions(arrayOf(Manifest.permission.CAMERA, Manifest.permission.RECORD_AUDIO), 1)
            }
        }
        setContentView(web)
        // The token comes from your server, which signs it with the access point's secret (see the web snippet); the secret
        // must never be in the app. Ask for it just before opening: it is good for at most 5 minutes.
        val token = intent.getStringExtra("token")
        web.loadUrl("{{ORIGIN}}/v/{{ACCESS}}" + (if (token == null) "" else "#host=" + Uri.encode(token)))
    }

    override fun onRequestPermissionsResult(code: Int, names: Array<String>, results: IntArray) {
        val request = asked ?: return
        asked = null
        if (results.isNotEmpty() && results.all { it == PackageManager.PERMISSION_GRANTED }) {
            request.grant(request.resources.filter { it == PermissionRequest.RESOURCE_VIDEO_CAPTURE || it == PermissionRequest.RESOURCE_AUDIO_CAPTURE }.toTypedArray())
        } else request.deny()
    }

    override fun onDestroy() {
        web.destroy()
        super.onDestroy()
    }
}
