// Entry of the visitor page.
import '../shell/base.css'
